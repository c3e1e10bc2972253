import { describe, expect, it } from 'vitest';
import type { Video } from '../../api/client';
import { GAP, grouped, layOut, visible, WORDS } from './layout';

function video(number: number, size = '1280x720', spread: string | null = null): Video {
  return {
    id: `video_${number}`,
    size,
    created_at: number,
    kinema: { spread },
  } as Video;
}
const oneDay = () => '2026-01-01';

describe('the wall', () => {
  it('fills every full row to the last pixel and keeps the shape of each picture', () => {
    const videos = [...Array(200).keys()].map((n) => video(n, n % 3 ? '1280x720' : '720x1280'));
    const { rows } = layOut(grouped(videos, oneDay), 1000, 190);
    const full = rows.filter((row) => row.kind === 'plates').slice(0, -1);
    expect(full.length).toBeGreaterThan(20);
    for (const row of full) {
      if (row.kind !== 'plates') continue;
      const width = row.plates.reduce((sum, one) => sum + one.width, 0);
      expect(width + GAP * (row.plates.length - 1)).toBeCloseTo(1000, 6);
      for (const one of row.plates) {
        const ratio = one.video.size === '1280x720' ? 16 / 9 : 9 / 16;
        expect(one.width / (row.height - WORDS)).toBeCloseTo(ratio, 6);
      }
    }
  });

  it('puts rows under each other without a gap or an overlap', () => {
    const videos = [...Array(50).keys()].map((n) => video(n, '1280x720', n < 8 ? 'a' : null));
    const { rows, total } = layOut(grouped(videos, oneDay), 820, 150);
    let top = 0;
    for (const row of rows) {
      expect(row.top).toBeCloseTo(top, 6);
      top += row.height;
    }
    expect(total).toBeCloseTo(top, 6);
  });

  it('gathers the variations of one prompt, the first seed first', () => {
    const list = [video(3, '1280x720', 'a'), video(2, '1280x720', 'a'), video(1)];
    const groups = grouped(list, oneDay);
    expect(groups.map((group) => group.videos.map((one) => one.created_at))).toEqual([[2, 3], [1]]);
  });

  it('keeps a hundred thousand clips out of the page but for those in sight', () => {
    const videos = [...Array(100_000).keys()].map((n) => video(n));
    const { rows, total } = layOut(grouped(videos, oneDay), 1440, 190);
    const seen = visible(rows, total / 2, total / 2 + 2700);
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.length).toBeLessThan(20);
    for (const row of seen) expect(row.top + row.height).toBeGreaterThanOrEqual(total / 2);
  });
});
