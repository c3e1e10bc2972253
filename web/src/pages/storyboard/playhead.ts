/** Where the cut stands and how fast it runs; apart from the document, since it changes each frame. */
import { create } from 'zustand';

interface Playhead {
  frame: number;
  /** Times the usual speed, below 0 backwards, 0 while it stands. */
  speed: number;
  /** Frames of the cut. */
  frames: number;
  seek: (frame: number) => void;
  run: (speed: number) => void;
  reach: (frames: number) => void;
}

export const usePlayhead = create<Playhead>()((set) => ({
  frame: 0,
  speed: 0,
  frames: 0,
  seek: (frame) =>
    set(({ frames }) => ({ frame: Math.max(0, Math.min(frame, Math.max(0, frames - 1))) })),
  run: (speed) =>
    set(({ frame, frames }) => ({
      speed,
      frame: speed > 0 && frame >= frames - 1 ? 0 : frame,
    })),
  reach: (frames) =>
    set(({ frame }) => ({ frames, frame: Math.min(frame, Math.max(0, frames - 1)) })),
}));

const FASTEST = 8;

/** What J and L do: the other way round at once, else twice as fast. */
export function faster(speed: number, way: 1 | -1): number {
  return speed * way <= 0 ? way : way * Math.min(FASTEST, Math.abs(speed) * 2);
}
