/** The cut as it plays: each card's clip after the other without a gap, with captions over it. */
import { useEffect, useMemo, useRef } from 'react';
import { Icon } from '../../parts/Icon';
import { useKeys } from '../../state/keys';
import { useWords } from '../../words';
import { type Cue, cuesOf, shownAt } from './captions';
import { type Cut, leadOf, on, type Placed } from './cut';
import { type Project, sizeOf } from './document';
import { cardAt, rateOf, timecode } from './layout';
import { faster, usePlayhead } from './playhead';

/** A clip that shows a card: frame 0 of the card is frame `first` of it. */
export interface Reel {
  src: string;
  poster: string | null;
  first: number;
  /** Frames a second of the clip; a brought one may have others than the film. */
  rate: number;
}

interface Props {
  project: Project;
  cut: Cut;
  language: string;
  /** The clip of a shot, null where there is none yet. */
  reelOf: (shot: string) => Reel | null;
  captions: boolean;
  onCaptions: (shown: boolean) => void;
}

/** Cards before and after the one that is seen whose clips are kept open. */
const AROUND = 1;

export function Monitor({ project, cut, language, reelOf, captions, onCaptions }: Props) {
  const say = useWords();
  const size = sizeOf(project);
  const cards = useMemo(() => on(cut, 'picture'), [cut]);
  const cues = useMemo(
    () => cuesOf(project, cut, language, size.height > size.width),
    [project, cut, language, size.height, size.width],
  );
  const rate = rateOf(cut);
  const at = usePlayhead((head) => cardAt(cards, head.frame));
  const speed = usePlayhead((head) => head.speed);
  const stage = useRef<HTMLDivElement>(null);
  useRun(rate, stage);
  const { seek, run } = usePlayhead.getState();
  useKeys({
    j: () => run(faster(usePlayhead.getState().speed, -1)),
    k: () => run(0),
    l: () => run(faster(usePlayhead.getState().speed, 1)),
    ' ': () => run(usePlayhead.getState().speed ? 0 : 1),
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    ',': () => step(-1),
    '.': () => step(1),
    'Shift+ArrowLeft': () => step(-Math.round(rate)),
    'Shift+ArrowRight': () => step(Math.round(rate)),
    Home: () => seek(0),
    End: () => seek(cut.frames - 1),
    c: () => onCaptions(!captions),
  });
  const kept = cards.slice(Math.max(0, at - AROUND), at + AROUND + 1);
  return (
    <figure className="sb-monitor">
      <div
        ref={stage}
        className="sb-screen"
        style={{
          aspectRatio: `${size.width} / ${size.height}`,
          ['--ratio' as string]: size.width / size.height,
        }}
        role="img"
        aria-label={say('board.monitor')}
      >
        {kept.map((placed) => (
          <Shown
            key={placed.item.id}
            placed={placed}
            behind={cards[cards.indexOf(placed) + 1]}
            reel={reelOf(placed.item.ref)}
            words={project.shots?.[placed.item.ref]?.prompt ?? ''}
            rate={rate}
          />
        ))}
        {captions ? <Subtitles cues={cues} language={language} /> : null}
      </div>
      <figcaption>
        <span className="sb-speed">
          <Speed
            name="J"
            word={say('board.back')}
            on={speed < 0}
            press={() => run(faster(speed, -1))}
          />
          <Speed name="K" word={say('board.stop')} on={speed === 0} press={() => run(0)} />
          <Speed
            name="L"
            word={say('board.play')}
            on={speed > 0}
            press={() => run(faster(speed, 1))}
          />
        </span>
        <Clock frames={cut.frames} rate={rate} />
        <span className="grow" />
        <span className="muted">
          {speed ? `${speed}×` : say('board.paused')} ·{' '}
          {say('board.cardOf', { n: at + 1, all: cards.length })}
        </span>
        <button
          type="button"
          className="icon-btn"
          aria-pressed={captions}
          aria-label={say('board.captions')}
          onClick={() => onCaptions(!captions)}
        >
          <Icon name="captions" />
        </button>
      </figcaption>
    </figure>
  );
}

function step(frames: number): void {
  const { frame, seek, run } = usePlayhead.getState();
  run(0);
  seek(Math.round(frame) + frames);
}

function Speed({
  name,
  word,
  on: is,
  press,
}: {
  name: string;
  word: string;
  on: boolean;
  press: () => void;
}) {
  return (
    <button type="button" aria-pressed={is} aria-label={word} onClick={press}>
      {name}
    </button>
  );
}

function Clock({ frames, rate }: { frames: number; rate: number }) {
  const frame = usePlayhead((head) => Math.floor(head.frame));
  return (
    <span className="mono sb-clock">
      {timecode(frame, rate)}
      <em> / {timecode(frames, rate)}</em>
    </span>
  );
}

function Subtitles({ cues, language }: { cues: Cue[]; language: string }) {
  const shown = usePlayhead((head) => {
    const now = shownAt(cues, head.frame);
    return now.map((cue) => cues.indexOf(cue)).join();
  });
  const now = shown === '' ? [] : shown.split(',').flatMap((at) => cues[Number(at)] ?? []);
  return (
    <>
      {now.map((cue) => (
        <span
          key={`${cue.line} ${cue.start}`}
          className={cue.isTitle ? 'sb-title' : 'sb-subtitle'}
          lang={language}
          dir="auto"
        >
          {cue.text}
        </span>
      ))}
    </>
  );
}

/** Let the playhead run; it waits where a clip that is seen is still loading. */
function useRun(rate: number, stage: React.RefObject<HTMLDivElement | null>): void {
  const speed = usePlayhead((head) => head.speed);
  useEffect(() => {
    if (!speed) return;
    let last = performance.now();
    let handle = 0;
    const tick = (now: number) => {
      const { frame, frames, seek, run } = usePlayhead.getState();
      const passed = Math.max(0, Math.min(100, now - last)); // a frame may have begun before this did
      last = now;
      const loading = stage.current?.querySelector('video[data-seen=true][data-loading=true]');
      if (!loading) {
        const next = frame + (passed / 1000) * rate * speed;
        seek(next);
        if (speed > 0 ? next >= frames : next <= 0) run(0);
      }
      handle = requestAnimationFrame(tick);
    };
    handle = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(handle);
  }, [speed, rate, stage]);
}

interface ShownProps {
  placed: Placed;
  behind: Placed | undefined;
  reel: Reel | null;
  words: string;
  rate: number;
}

/** One card on the monitor: its clip, or its words on a page while there is none. */
function Shown({ placed, behind, reel, words, rate }: ShownProps) {
  const share = usePlayhead((head) => Math.round(shareOf(placed, behind, head.frame) * 100) / 100);
  return (
    <div
      className="sb-shown"
      style={{ opacity: share, zIndex: placed.start + 1, visibility: share ? 'visible' : 'hidden' }}
    >
      {reel ? (
        <Clip placed={placed} reel={reel} rate={rate} seen={share > 0} />
      ) : (
        <div className="sb-page">
          <p dir="auto">{words}</p>
        </div>
      )}
    </div>
  );
}

/** How much of a card is seen at a frame: a card that comes in slowly lies over the one before. */
function shareOf(placed: Placed, behind: Placed | undefined, frame: number): number {
  const frames = placed.item.transition?.frames ?? 0;
  const begin = placed.start - leadOf(placed);
  const nextFrames = behind?.item.transition?.frames ?? 0;
  const end = behind ? behind.start - leadOf(behind) + nextFrames : placed.end;
  const isLast = !behind || behind.start > placed.end;
  if (frame < begin || (!isLast && frame >= end)) return 0;
  const dips = placed.item.transition?.kind === 'dip';
  if (frames && frame < begin + frames) {
    const share = (frame - begin) / frames;
    return dips ? Math.max(0, 2 * share - 1) : Math.max(0.01, share);
  }
  if (behind?.item.transition?.kind === 'dip' && frame >= end - nextFrames)
    return Math.max(0, 1 - (2 * (frame - end + nextFrames)) / nextFrames);
  return 1;
}

/** Frames by which a running clip may be off before it is put right. */
const SLACK = 2;

function Clip({
  placed,
  reel,
  rate,
  seen,
}: {
  placed: Placed;
  reel: Reel;
  rate: number;
  seen: boolean;
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const node = video.current;
    if (!node) return;
    const follow = () => {
      const { frame, speed } = usePlayhead.getState();
      const at = Math.max(placed.start - leadOf(placed), frame) - placed.start;
      // A clip is asked for the middle of a frame, so that rounding never shows the one before.
      const time = (Math.floor(at) + placed.first + 0.5) / rate + reel.first / reel.rate;
      const runs = seen && speed > 0 && speed <= 2;
      const off = Math.abs(node.currentTime - time) * rate;
      if (runs) {
        node.playbackRate = speed;
        if (node.paused) void node.play().catch(() => undefined);
        if (off > SLACK * Math.max(1, speed) && !node.seeking) node.currentTime = time;
      } else {
        if (!node.paused) node.pause();
        if (off > 0.4 && !node.seeking) node.currentTime = time;
      }
    };
    follow();
    node.addEventListener('seeked', follow);
    node.addEventListener('loadedmetadata', follow);
    const stop = usePlayhead.subscribe(follow);
    return () => {
      stop();
      node.removeEventListener('seeked', follow);
      node.removeEventListener('loadedmetadata', follow);
    };
  }, [placed, reel.first, reel.rate, rate, seen]);
  const mark = (loading: boolean) => () => {
    if (video.current) video.current.dataset.loading = String(loading);
  };
  return (
    <video
      ref={video}
      src={reel.src}
      poster={reel.poster ?? undefined}
      data-seen={seen}
      data-loading="true"
      onLoadedData={mark(false)}
      onCanPlay={mark(false)}
      onWaiting={mark(true)}
      onPlaying={mark(false)}
      onError={mark(false)}
      muted
      playsInline
      preload="auto"
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}
