import { expect, it } from 'vitest';
import { fill } from '.';
import { de } from './de';
import { en, type WordKey } from './en';

const gaps = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

it('has every text in every language, with the same gaps', () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  for (const key of Object.keys(en) as WordKey[]) expect(gaps(de[key])).toEqual(gaps(en[key]));
});

it('leaves a gap that nobody fills as it is', () => {
  expect(fill('{n} clips of {m}', { n: 3 })).toBe('3 clips of {m}');
});
