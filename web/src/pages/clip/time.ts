/** Times of a clip as frames and as people write them. */

/** In the middle of a frame, where no rounding leads to its neighbour. */
export const timeOf = (frame: number, fps: number) => (frame + 0.5) / fps;

export const frameAt = (time: number, fps: number) => Math.max(0, Math.floor(time * fps + 1e-4));

/** Minutes, seconds and frames: 00:01:16. */
export function timecode(frame: number, fps: number): string {
  const rate = Math.max(1, Math.round(fps));
  const seconds = Math.floor(frame / rate);
  return [Math.floor(seconds / 60), seconds % 60, frame % rate].map(two).join(':');
}

const two = (number: number) => String(number).padStart(2, '0');

export interface Tile {
  x: string;
  y: string;
}

/** Where the picture nearest to a share of the clip stands in its sheet, as a background. */
export function tileAt(share: number, frames: number): { at: Tile; size: string } {
  const tiles = Math.min(frames, 25);
  const columns = Math.min(tiles, 5);
  const rows = Math.ceil(tiles / 5);
  const tile = Math.min(tiles - 1, Math.floor(share * tiles));
  const place = (index: number, of: number) => (of > 1 ? `${(index / (of - 1)) * 100}%` : '0%');
  return {
    at: { x: place(tile % 5, columns), y: place(Math.floor(tile / 5), rows) },
    size: `${columns * 100}% ${rows * 100}%`,
  };
}

export interface Cue {
  start: number;
  end: number;
  text: string;
}

/** The words of a storyboard's cards while they are seen. */
export function cuesOf(cards: readonly { prompt: string; seconds?: string | number }[]): Cue[] {
  let start = 0;
  return cards.map(({ prompt, seconds }) => {
    const cue = { start, end: start + Number(seconds ?? 4), text: prompt };
    start = cue.end;
    return cue;
  });
}
