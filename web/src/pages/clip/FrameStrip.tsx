/** Pictures of a clip side by side, with the playhead over them: the way to any frame. */
import type { KeyboardEvent } from 'react';
import { aspect, contentUrl, type Video } from '../../api/client';
import { useWords } from '../../words';
import type { Part } from './playback';
import { tileAt, timecode } from './time';
import './strip.css';

interface Props {
  video: Video;
  fps: number;
  frames: number;
  frame: number;
  part: Part | null;
  /** What the key does here that a slider does not know. */
  onKey?: (event: KeyboardEvent) => void;
  onSeek: (frame: number) => void;
  label: string;
}

const HEIGHT = 44;
const USUAL_WIDTH = 660;

export function FrameStrip({ video, fps, frames, frame, part, onKey, onSeek, label }: Props) {
  const say = useWords();
  const count = Math.max(4, Math.min(25, Math.round(USUAL_WIDTH / (HEIGHT * aspect(video.size)))));
  const share = (at: number) => `${(Math.min(frames, at) / frames) * 100}%`;
  return (
    <div className="fstrip">
      <div className="fstrip-tiles" aria-hidden="true">
        {Array.from({ length: count }, (_, place) => {
          const { at, size } = tileAt((place + 0.5) / count, frames);
          return (
            <i
              // biome-ignore lint/suspicious/noArrayIndexKey: places are what they are
              key={place}
              style={{
                backgroundImage: `url(${contentUrl(video.id, 'spritesheet')})`,
                backgroundPosition: `${at.x} ${at.y}`,
                backgroundSize: size,
              }}
            />
          );
        })}
      </div>
      {part ? (
        <>
          <span className="fstrip-off" style={{ insetInlineStart: 0, width: share(part.start) }} />
          <span className="fstrip-off" style={{ insetInlineStart: share(part.end), right: 0 }} />
        </>
      ) : null}
      <input
        type="range"
        min={0}
        max={frames - 1}
        step={1}
        value={frame}
        aria-label={label}
        aria-valuetext={say('player.at', { at: timecode(frame, fps), n: frame + 1, all: frames })}
        onKeyDown={onKey}
        onChange={(event) => onSeek(Number(event.target.value))}
      />
      <span className="fstrip-head" style={{ left: share(frame + 0.5) }} aria-hidden="true" />
    </div>
  );
}
