import { expect, it } from 'vitest';
import type { Video } from '../../api/client';
import { frameAt, tileAt, timecode, timeOf } from './time';
import { treeOf } from './tree';

const video = (id: string, source: string | null) => ({ id, kinema: { source } }) as Video;

it('puts children beside each other to the right of where they come from', () => {
  const tree = treeOf([
    video('a', null),
    video('b', 'a'),
    video('c', 'a'),
    video('d', 'b'),
    video('e', 'gone'),
  ]);
  const at = Object.fromEntries(
    tree.placed.map((one) => [one.video.id, [one.column, one.row]] as const),
  );
  expect(at).toEqual({ a: [0, 0.5], b: [1, 0], c: [1, 1], d: [2, 0], e: [0, 2] });
  expect(tree.edges.map(({ from, to }) => from.video.id + to.video.id).sort()).toEqual([
    'ab',
    'ac',
    'bd',
  ]);
  expect([tree.columns, tree.rows]).toEqual([3, 3]);
});

it('goes from a frame to its time and back, at every rate that is used', () => {
  for (const fps of [12, 23.976, 24, 25, 29.97, 30, 60]) {
    for (let frame = 0; frame < 1200; frame += 7) {
      expect(frameAt(timeOf(frame, fps), fps)).toBe(frame);
      expect(frameAt(frame / fps, fps)).toBe(frame);
    }
  }
});

it('writes times as minutes, seconds and frames', () => {
  expect(timecode(40, 24)).toBe('00:01:16');
  expect(timecode(24 * 61, 24)).toBe('01:01:00');
});

it('finds each picture in the sheet, of which the last row may be shorter', () => {
  expect(tileAt(0, 96)).toEqual({ at: { x: '0%', y: '0%' }, size: '500% 500%' });
  expect(tileAt(0.999, 96).at).toEqual({ x: '100%', y: '100%' });
  expect(tileAt(0.999, 7)).toEqual({ at: { x: '25%', y: '100%' }, size: '500% 200%' });
  expect(tileAt(0.5, 1)).toEqual({ at: { x: '0%', y: '0%' }, size: '100% 100%' });
});
