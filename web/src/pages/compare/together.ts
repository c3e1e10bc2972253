/** Several clips as one: played, held and wound together, never more than a frame apart. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { frameAt, timeOf } from '../clip/time';

export interface Together {
  frame: number;
  speed: number;
  /** Whether every picture on the screen is that of `frame`. */
  settled: boolean;
  seek: (frame: number) => void;
  run: (speed: number) => void;
}

/** The films inside a box, led by the first of them. */
export function useTogether(
  box: RefObject<HTMLElement | null>,
  { frames, fps, key }: { frames: number; fps: number; key: string },
): Together {
  const [frame, setFrame] = useState(0);
  const [speed, setSpeed] = useState(0);
  const [settled, setSettled] = useState(false);
  const at = useRef(0);
  const films = useCallback(() => [...(box.current?.querySelectorAll('video') ?? [])], [box]);

  const seek = useCallback(
    (to: number) => {
      const next = Math.max(0, Math.min(frames - 1, Math.round(to)));
      at.current = next;
      setFrame(next);
      for (const film of films()) film.currentTime = timeOf(next, fps);
    },
    [films, fps, frames],
  );

  const run = useCallback(
    (next: number) => {
      setSpeed(next);
      if (next <= 0) {
        for (const film of films()) film.pause();
        if (next === 0) seek(at.current);
        return;
      }
      if (at.current >= frames - 1) seek(0);
      for (const film of films()) film.playbackRate = next;
      // All begin when all can, so that none gets ahead.
      void Promise.all(films().map(ready)).then(() => {
        for (const film of films()) void film.play().catch(() => undefined);
      });
    },
    [films, frames, seek],
  );

  useEffect(() => {
    if (speed <= 0) return;
    let handle = 0;
    const follow = () => {
      const [first, ...rest] = films();
      if (first) {
        const now = first.currentTime;
        if (now >= (frames - 0.5) / fps || first.ended) {
          for (const film of films()) {
            film.currentTime = 0;
            void film.play().catch(() => undefined);
          }
        } else for (const film of rest) keepUp(film, now, speed, fps);
        const next = Math.min(frames - 1, frameAt(first.currentTime, fps));
        at.current = next;
        setFrame(next);
      }
      handle = requestAnimationFrame(follow);
    };
    handle = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(handle);
  }, [speed, films, fps, frames]);

  useEffect(() => {
    if (speed >= 0) return;
    let handle = 0;
    let last = performance.now();
    const back = (now: number) => {
      const due = Math.floor(((now - last) / 1000) * fps * -speed);
      if (due > 0 && films().every((film) => !film.seeking)) {
        last = now;
        seek(at.current - due);
        if (at.current === 0) return run(0);
      }
      handle = requestAnimationFrame(back);
    };
    handle = requestAnimationFrame(back);
    return () => cancelAnimationFrame(handle);
  }, [speed, films, fps, seek, run]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other films have to be looked at anew
  useEffect(() => {
    const look = () => setSettled(films().every((film) => !film.seeking && film.readyState >= 2));
    const all = films();
    const names = ['seeking', 'seeked', 'loadeddata', 'emptied'] as const;
    for (const film of all) for (const name of names) film.addEventListener(name, look);
    seek(at.current);
    look();
    return () => {
      for (const film of all) for (const name of names) film.removeEventListener(name, look);
    };
  }, [films, key, seek]);

  return { frame, speed, settled, seek, run };
}

/** Can play from where it stands. */
function ready(film: HTMLVideoElement): Promise<void> {
  if (film.readyState >= 3 && !film.seeking) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      film.removeEventListener('canplay', done);
      resolve();
    };
    const timer = setTimeout(done, 2000);
    film.addEventListener('canplay', done);
  });
}

/** A little faster or slower while it is less than a frame off, at once where it is more. */
function keepUp(film: HTMLVideoElement, time: number, speed: number, fps: number): void {
  const off = film.currentTime - time;
  if (Math.abs(off) > 1 / fps && !film.seeking) film.currentTime = time;
  film.playbackRate = speed * (Math.abs(off) < 0.25 / fps ? 1 : off > 0 ? 0.94 : 1.06);
  if (film.paused) void film.play().catch(() => undefined);
}
