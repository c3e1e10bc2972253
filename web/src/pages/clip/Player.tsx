/** The clip as it plays, by frames where that is wanted. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { aspect, contentUrl, type Video } from '../../api/client';
import { Icon } from '../../parts/Icon';
import { Menu } from '../../parts/Menu';
import { useKeys } from '../../state/keys';
import { usePrefs } from '../../state/prefs';
import { useWords } from '../../words';
import { FrameStrip } from './FrameStrip';
import { faster, type Part, type Playback, useHead, usePlayback } from './playback';
import { type Cue, timecode } from './time';
import './player.css';

interface Props {
  video: Video;
  fps: number;
  cues: readonly Cue[];
  /** The part that a sheet is about; without one the player has marks of its own. */
  part: Part | null;
  onPart: ((part: Part) => void) | null;
  /** Something over the picture, such as a brush. */
  over?: ReactNode;
}

const SPEEDS = [0.25, 0.5, 1, 2, 4];

export function Player({ video, fps, cues, part: given, onPart, over }: Props) {
  const say = useWords();
  const frames = Math.max(1, Math.round(Number(video.seconds) * fps));
  const film = useRef<HTMLVideoElement>(null);
  const box = useRef<HTMLElement>(null);
  const [marks, setMarks] = useState<Part | null>(null);
  const [loops, setLoops] = useState(true);
  const [muted, setMuted] = useState(false);
  const { captions, setCaptions } = usePrefs();
  const part = given ?? marks;
  const play = usePlayback(film, { fps, frames, part, loops });
  const painting = over !== undefined;
  useEffect(() => {
    if (painting) play.run(0);
  }, [painting, play]);

  const mark = (end: 'start' | 'end') => {
    const { frame } = useHead.getState();
    const old = part ?? { start: 0, end: frames };
    const next = end === 'start' ? { ...old, start: frame } : { ...old, end: frame + 1 };
    if (next.end <= next.start) {
      if (end === 'start') next.end = frames;
      else next.start = 0;
    }
    (given ? onPart : setMarks)?.(next);
  };
  const whole = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void box.current?.requestFullscreen();
  };
  const toggleCaptions = () => setCaptions(!captions);
  useKeys({
    k: play.toggle,
    j: () => play.run(faster(useHead.getState().speed, -1)),
    l: () => play.run(faster(useHead.getState().speed, 1)),
    ',': () => play.step(-1),
    '.': () => play.step(1),
    i: () => mark('start'),
    ...(given ? { o: () => mark('end') } : {}),
    c: toggleCaptions,
    m: () => setMuted(!muted),
    z: whole,
  });
  useSpace(play);
  const keys = (event: KeyboardEvent) =>
    playerKey(event, play, fps, { o: () => mark('end'), O: () => mark('end') });

  return (
    <figure
      className="player"
      ref={box}
      style={{ ['--aspect' as string]: aspect(video.size) }}
      data-player
    >
      <div className="gate screen" style={{ aspectRatio: aspect(video.size) }}>
        <video
          ref={film}
          className="vid"
          src={contentUrl(video.id)}
          poster={contentUrl(video.id, 'thumbnail')}
          aria-label={video.prompt || say('plate.untitled')}
          muted={muted}
          preload="auto"
          playsInline
          onClick={painting ? undefined : play.toggle}
        />
        {captions ? <Subtitle cues={cues} fps={fps} /> : null}
        {over}
      </div>
      <Strip video={video} fps={fps} frames={frames} part={part} play={play} onKey={keys} />
      <figcaption className="player-bar">
        <PlayButton play={play} />
        <StepButton play={play} by={-1} />
        <StepButton play={play} by={1} />
        <Clock fps={fps} frames={frames} />
        <span className="grow" />
        <Speeds play={play} />
        <button
          type="button"
          className="icon-btn"
          aria-pressed={loops}
          aria-label={say('player.loop')}
          title={say('player.loop')}
          onClick={() => setLoops(!loops)}
        >
          <Icon name="loop" />
        </button>
        {cues.length ? (
          <button
            type="button"
            className="icon-btn"
            aria-pressed={captions}
            aria-label={say('player.captions')}
            title={say('player.captions')}
            onClick={toggleCaptions}
          >
            <Icon name="captions" />
          </button>
        ) : null}
        {document.pictureInPictureEnabled ? (
          <button
            type="button"
            className="icon-btn wide-only"
            aria-label={say('player.pip')}
            title={say('player.pip')}
            onClick={() => void film.current?.requestPictureInPicture().catch(() => undefined)}
          >
            <Icon name="compare" />
          </button>
        ) : null}
        <button
          type="button"
          className="icon-btn"
          aria-label={say('player.whole')}
          title={say('player.whole')}
          onClick={whole}
        >
          <Icon name="full" />
        </button>
      </figcaption>
      {marks && !given ? (
        <p className="player-part">
          <span className="mono">
            {timecode(marks.start, fps)} – {timecode(marks.end - 1, fps)}
          </span>
          <button type="button" className="link" onClick={() => setMarks(null)}>
            {say('player.all')}
          </button>
        </p>
      ) : null}
    </figure>
  );
}

/** Space plays where nothing else has the focus that would take it. */
function useSpace(play: Playback): void {
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      const { target } = event;
      const isFree = target === document.body || (target as HTMLElement).id === 'main';
      if (event.key !== ' ' || event.defaultPrevented || !isFree) return;
      event.preventDefault();
      play.toggle();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [play]);
}

/** Keys that only mean the player while it has the focus. */
function playerKey(
  event: KeyboardEvent,
  play: Playback,
  fps: number,
  more: Record<string, () => void>,
): void {
  const second = Math.round(fps);
  const acts: Record<string, () => void> = {
    ' ': play.toggle,
    ArrowLeft: () => play.step(event.shiftKey ? -second : -1),
    ArrowRight: () => play.step(event.shiftKey ? second : 1),
    ...more,
  };
  const act = acts[event.key];
  if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  act();
}

interface StripProps {
  video: Video;
  fps: number;
  frames: number;
  part: Part | null;
  play: Playback;
  onKey: (event: KeyboardEvent) => void;
}

function Strip({ play, ...rest }: StripProps) {
  const say = useWords();
  const frame = useHead((head) => head.frame);
  const seek = (to: number) => {
    play.run(0);
    play.seek(to);
  };
  return <FrameStrip {...rest} frame={frame} onSeek={seek} label={say('player.position')} />;
}

function PlayButton({ play }: { play: Playback }) {
  const say = useWords();
  const isOn = useHead((head) => head.speed !== 0);
  return (
    <button
      type="button"
      className="icon-btn"
      aria-label={say(isOn ? 'player.hold' : 'player.play')}
      title={say(isOn ? 'player.hold' : 'player.play')}
      onClick={play.toggle}
    >
      <Icon name={isOn ? 'pause' : 'play'} />
    </button>
  );
}

function StepButton({ play, by }: { play: Playback; by: 1 | -1 }) {
  const say = useWords();
  const name = say(by > 0 ? 'player.next' : 'player.previous');
  return (
    <button
      type="button"
      className={`icon-btn small ${by < 0 ? 'turned' : ''}`}
      aria-label={name}
      title={name}
      onClick={() => play.step(by)}
    >
      <Icon name="step" size={14} />
    </button>
  );
}

function Clock({ fps, frames }: { fps: number; frames: number }) {
  const frame = useHead((head) => head.frame);
  return (
    <span className="mono player-clock" data-frame={frame}>
      {timecode(frame, fps)} <span className="muted">/ {timecode(frames, fps)}</span>
    </span>
  );
}

function Speeds({ play }: { play: Playback }) {
  const say = useWords();
  const speed = useHead((head) => head.speed);
  const shown = speed === 0 ? 1 : speed;
  return (
    <Menu<number>
      label={say('player.speed')}
      className="opt player-speed"
      shown={`${shown}×`}
      value={shown}
      items={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
      onPick={(value) => play.run(value)}
    />
  );
}

function Subtitle({ cues, fps }: { cues: readonly Cue[]; fps: number }) {
  const text = useHead((head) => {
    const at = head.frame / fps;
    return cues.find((cue) => at >= cue.start && at < cue.end)?.text ?? '';
  });
  if (!text) return null;
  return (
    <p className="subtitle" dir="auto">
      <span>{text}</span>
    </p>
  );
}
