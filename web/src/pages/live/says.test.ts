import { expect, it } from 'vitest';
import { clock, onReel, type Piece } from './says';

const first: Piece = { prompt: 'a fox', start: 0, end: null, clips: [] };

it('ends a piece where the next scene begins', () => {
  const reel = onReel([first], { event: 'scene', prompt: 'snow', at: 7.5, answer_ms: 300 });
  expect(reel).toEqual([
    { ...first, end: 7.5 },
    { prompt: 'snow', start: 7.5, end: null, clips: [] },
  ]);
});

it('goes on with the same piece where a window comes back to it', () => {
  const again = onReel([first], { event: 'scene', prompt: 'a fox', at: 3, answer_ms: null });
  expect(again).toEqual([first]);
});

it('gives a kept clip to every piece that it shows', () => {
  const reel = onReel([first], { event: 'scene', prompt: 'snow', at: 5, answer_ms: 1 });
  const kept = onReel(reel, { event: 'kept', clip: 'video_1', start: 3, end: 8 });
  expect(kept.map((one) => one.clips)).toEqual([['video_1'], ['video_1']]);
  const later = onReel(kept, { event: 'kept', clip: 'video_2', start: 6, end: 8 });
  expect(later.map((one) => one.clips)).toEqual([['video_1'], ['video_1', 'video_2']]);
});

it('writes a clock', () => {
  expect([0, 59.9, 61, 3600].map(clock)).toEqual(['00:00', '00:59', '01:01', '60:00']);
});
