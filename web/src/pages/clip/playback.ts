/** Playing one clip by frames: forward and back, faster, in a part of it. */
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { create } from 'zustand';
import { frameAt, timeOf } from './time';

interface Head {
  frame: number;
  /** Times the usual speed; 0 stands still, less than 0 goes back. */
  speed: number;
}

/** Where the clip of the page stands, for everything beside the picture that follows it. */
export const useHead = create<Head>()(() => ({ frame: 0, speed: 0 }));

const FASTEST = 4;

/** The speed after another press of J or L. */
export function faster(speed: number, way: 1 | -1): number {
  if (Math.sign(speed) !== way) return way;
  return way * Math.min(FASTEST, Math.abs(speed) * 2);
}

export interface Part {
  start: number;
  end: number;
}

export interface Playback {
  seek: (frame: number) => void;
  step: (frames: number) => void;
  run: (speed: number) => void;
  toggle: () => void;
}

interface About {
  fps: number;
  frames: number;
  /** The frames that are played, where it is not all of them. */
  part: Part | null;
  loops: boolean;
}

export function usePlayback(film: RefObject<HTMLVideoElement | null>, about: About): Playback {
  const now = useRef(about);
  now.current = about;
  const playback = useMemo(() => controls(film, now), [film]);

  useEffect(() => {
    const video = film.current;
    if (!video) return;
    useHead.setState({ frame: 0, speed: 0 });
    let handle = 0;
    const shown = (time: number) => {
      const { fps, frames } = now.current;
      const frame = Math.min(frames - 1, frameAt(time, fps));
      if (useHead.getState().frame !== frame) useHead.setState({ frame });
      turnBack(playback, now.current, frame);
    };
    const follow = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      if (useHead.getState().speed > 0) shown(mediaTime);
      handle = video.requestVideoFrameCallback(follow);
    };
    handle = video.requestVideoFrameCallback(follow);
    const ended = () => {
      if (now.current.loops) playback.run(useHead.getState().speed || 1);
      else playback.run(0);
    };
    // The first frame in full in place of its still, which is smaller.
    const begin = () => {
      if (useHead.getState().speed === 0) playback.seek(useHead.getState().frame);
    };
    if (video.readyState > 0) begin();
    video.addEventListener('loadedmetadata', begin);
    video.addEventListener('ended', ended);
    return () => {
      video.removeEventListener('loadedmetadata', begin);
      video.cancelVideoFrameCallback(handle);
      video.removeEventListener('ended', ended);
    };
  }, [film, playback]);

  const speed = useHead((head) => head.speed);
  useEffect(() => {
    if (speed >= 0) return;
    let handle = 0;
    let last = performance.now();
    const back = (at: number) => {
      const { fps, part } = now.current;
      const due = Math.floor(((at - last) / 1000) * fps * -speed);
      if (due > 0 && !film.current?.seeking) {
        last = at;
        const first = part?.start ?? 0;
        const next = Math.max(first, useHead.getState().frame - due);
        playback.seek(next);
        if (next === first) return playback.run(0);
      }
      handle = requestAnimationFrame(back);
    };
    handle = requestAnimationFrame(back);
    return () => cancelAnimationFrame(handle);
  }, [speed, film, playback]);

  return playback;
}

/** At the end of a part: to its beginning, or no further. */
function turnBack(playback: Playback, { part, loops }: About, frame: number): void {
  if (!part || frame < part.end - 1) return;
  if (loops) playback.seek(part.start);
  else playback.run(0);
}

function controls(film: RefObject<HTMLVideoElement | null>, now: RefObject<About>): Playback {
  const seek = (frame: number) => {
    const { frames, fps } = now.current;
    const to = Math.max(0, Math.min(frames - 1, Math.round(frame)));
    if (film.current) film.current.currentTime = timeOf(to, fps);
    useHead.setState({ frame: to });
  };
  const run = (speed: number) => {
    const video = film.current;
    if (!video) return;
    useHead.setState({ speed });
    if (speed <= 0) {
      video.pause();
      if (speed === 0) seek(useHead.getState().frame);
      return;
    }
    const { part, frames } = now.current;
    const { frame } = useHead.getState();
    const last = (part?.end ?? frames) - 1;
    if (frame >= last || frame < (part?.start ?? 0)) seek(part?.start ?? 0);
    video.playbackRate = speed;
    void video.play().catch(() => useHead.setState({ speed: 0 }));
  };
  return {
    seek,
    run,
    step: (frames) => {
      run(0);
      seek(useHead.getState().frame + frames);
    },
    toggle: () => run(useHead.getState().speed === 0 ? 1 : 0),
  };
}
