import { expect, it } from 'vitest';
import type { Video } from '../../api/client';
import { differences, keeps, subjectsOf } from './kept';
import { fresh, orderFor, strengthWord, taskOf } from './wish';

const video = {
  id: 'video_1',
  seconds: '4',
  size: '1280x720',
  kinema: { seed: 7, quality: 'standard', number: 3 },
} as Video;
const read = (slot: string, value: string) => ({
  text: value,
  start: 0,
  end: value.length,
  slot,
  value,
  how: 'exact',
});

it('asks for nothing as long as words are missing that an action cannot do without', () => {
  for (const act of ['remix', 'edit', 'blend'] as const) {
    expect(orderFor(act, video, fresh(act, video))).toBeNull();
  }
});

it('keeps the seed of the clip, so that its scenery stays, unless new scenery is wanted', () => {
  const wish = { ...fresh('remix', video), words: ' snow ' };
  expect(orderFor('remix', video, wish)).toMatchObject({
    task: 'remix',
    prompt: 'snow',
    seed: 7,
    strength: 0.5,
    video: { id: 'video_1' },
  });
  expect(orderFor('remix', video, { ...wish, seed: 9 })?.seed).toBe(9);
});

it('says the whole length of an extension, and its direction only where it goes back', () => {
  const wish = fresh('extend', video);
  expect(orderFor('extend', video, wish)).toMatchObject({ seconds: 8 });
  expect(orderFor('extend', video, wish)).not.toHaveProperty('direction');
  expect(orderFor('extend', video, { ...wish, backward: true, more: 2 })).toMatchObject({
    seconds: 6,
    direction: 'backward',
  });
});

it('makes of an edit what its place makes of it', () => {
  expect(taskOf('edit', 'anywhere')).toBe('edit');
  expect(taskOf('edit', 'brush')).toBe('region_edit');
  expect(taskOf('edit', 'outside')).toBe('outpaint');
  const wish = { ...fresh('edit', video), where: 'brush' as const, words: 'a cat' };
  expect(orderFor('edit', video, wish)).toBeNull();
  expect(orderFor('edit', video, { ...wish, mask: 'file_1' })).toMatchObject({
    task: 'region_edit',
    mask: { file_id: 'file_1' },
  });
});

it('gives a model that draws scenes no words where it has no use for them', () => {
  const wish = { ...fresh('loop', video), words: 'a fox' };
  expect(orderFor('loop', video, wish, undefined, true)).not.toHaveProperty('prompt');
  expect(orderFor('loop', video, wish, undefined, false)).toHaveProperty('prompt', 'a fox');
});

it('keeps a part in a re-cut, and refuses to keep all of it', () => {
  const wish = fresh('recut', video);
  expect(orderFor('recut', video, wish)).toMatchObject({ keep: { start: 1, end: 3 } });
  expect(orderFor('recut', video, { ...wish, start: 0, end: 4 })).toBeNull();
});

it('blends over the length of the longer', () => {
  const second = { ...video, id: 'video_2', seconds: '6' } as Video;
  expect(orderFor('blend', video, fresh('blend', video), second)).toMatchObject({
    second: { id: 'video_2' },
    seconds: 6,
  });
});

it('calls a strength by the nearest word', () => {
  expect([0, 0.3, 0.5, 0.9].map(strengthWord)).toEqual(['subtle', 'subtle', 'mild', 'strong']);
});

it('says what differs from how the clip was read, and no more', () => {
  const before = [read('time', 'night'), read('weather', 'snow'), read('subject', 'fox')];
  const after = [read('time', 'morning'), read('weather', 'snow'), read('camera', 'push_in')];
  expect(differences(before, after)).toEqual([
    { stays: false, word: 'kept.fromTo', values: { slot: 'time', was: 'night', now: 'morning' } },
    { stays: false, word: 'kept.to', values: { slot: 'camera', was: '', now: 'push in' } },
  ]);
});

it('promises the staging below the strength at which the model places everybody anew', () => {
  const wish = { ...fresh('remix', video), strength: 0.7 };
  expect(keeps('remix', wish, [], [])[0]).toEqual({ stays: true, word: 'kept.staging' });
  expect(keeps('remix', { ...wish, strength: 0.71 }, [], [])[0]?.stays).toBe(false);
});

it('keeps those in an edit that it does not speak of', () => {
  const before = [read('subject', 'fox'), read('subject', 'owl'), read('subject', 'fox')];
  expect(subjectsOf(before)).toEqual(['fox', 'owl']);
  const said = keeps('edit', fresh('edit', video), before, [read('subject', 'fox')]);
  expect(said.flatMap(({ values }) => values?.subject ?? [])).toEqual(['owl']);
});
