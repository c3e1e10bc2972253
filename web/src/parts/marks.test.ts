import { expect, it } from 'vitest';
import { pieces } from './marks';

const word = (text: string, start: number, slot: string, how = 'exact') => ({
  text,
  start,
  end: start + text.length,
  slot,
  how,
  value: '',
});

it('gives each recognised word its ink and leaves the rest alone', () => {
  const cut = pieces('A fox at night, 35mm', [
    word('A', 0, 'det', 'understood'),
    word('fox', 2, 'subject'),
    word('night', 9, 'time'),
    word('35mm', 16, 'unknown', 'unknown'),
  ]);
  expect(cut).toEqual([
    { text: 'A ', ink: null },
    { text: 'fox', ink: 'who' },
    { text: ' at ', ink: null },
    { text: 'night', ink: 'when' },
    { text: ', ', ink: null },
    { text: '35mm', ink: 'lost' },
  ]);
});

it('passes over words that have moved since they were read', () => {
  const cut = pieces('The fox', [word('fox', 2, 'subject')]);
  expect(cut).toEqual([{ text: 'The fox', ink: null }]);
});

it('always gives back the whole text', () => {
  const text = '<b>fox</b> \u202e owl';
  const cut = pieces(text, [word('fox', 3, 'subject'), word('owl', text.length - 3, 'subject')]);
  expect(cut.map((piece) => piece.text).join('')).toBe(text);
});
