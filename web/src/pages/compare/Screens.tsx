/** The clips as they are compared: beside each other, with an edge between two, or one minus one. */
import type { RefObject } from 'react';
import { aspect, contentUrl, type Video } from '../../api/client';
import { Icon } from '../../parts/Icon';
import { Menu } from '../../parts/Menu';
import { clipPath, link } from '../../state/route';
import { useWords } from '../../words';

export function Film({ video }: { video: Video }) {
  const say = useWords();
  return (
    <video
      className="vid"
      src={contentUrl(video.id)}
      poster={contentUrl(video.id, 'thumbnail')}
      aria-label={video.prompt || say('plate.untitled')}
      preload="auto"
      muted
      playsInline
    />
  );
}

interface GridProps {
  box: RefObject<HTMLDivElement | null>;
  videos: readonly Video[];
  kept: readonly string[];
  onKeep: (id: string) => void;
}

export function Grid({ box, videos, kept, onKeep }: GridProps) {
  const say = useWords();
  return (
    <div className="compare-grid" data-count={videos.length} ref={box}>
      {videos.map((video, place) => {
        const isKept = kept.includes(video.id);
        return (
          <figure key={video.id} className={isKept ? 'is-kept' : ''}>
            <div className="gate" style={{ aspectRatio: aspect(video.size) }}>
              <Film video={video} />
              <span className="place mono" aria-hidden="true">
                {place + 1}
              </span>
              {isKept ? (
                <span className="kept-badge">
                  <Icon name="check" size={15} />
                  {say('compare.kept')}
                </span>
              ) : null}
            </div>
            <figcaption>
              <span className="mono">{video.kinema.number}</span>
              <span className="muted line1">{say('compare.seed', { n: video.kinema.seed })}</span>
              <span className="grow" />
              <button
                type="button"
                className="link"
                aria-pressed={isKept}
                onClick={() => onKeep(video.id)}
              >
                {say(isKept ? 'compare.unkeep' : 'compare.keep')}
                <span className="sr"> {place + 1}</span>
              </button>
              <a className="link" {...link(clipPath(video.id))}>
                {say('compare.open')}
                <span className="sr"> {place + 1}</span>
              </a>
            </figcaption>
          </figure>
        );
      })}
    </div>
  );
}

interface PairProps {
  box: RefObject<HTMLDivElement | null>;
  mode: 'wipe' | 'difference';
  pair: readonly [Video, Video];
  edge: number;
  onEdge: (edge: number) => void;
}

/** Two clips in one place. */
export function Pair({ box, mode, pair, edge, onEdge }: PairProps) {
  const say = useWords();
  const [first, second] = pair;
  return (
    <div
      className={`pair ${mode}`}
      ref={box}
      style={{
        aspectRatio: aspect(first.size),
        ['--aspect' as string]: aspect(first.size),
        ['--edge' as string]: `${edge}%`,
      }}
    >
      <Film key={first.id} video={first} />
      <div className="over">
        <Film key={second.id} video={second} />
      </div>
      {mode === 'wipe' ? (
        <>
          <i aria-hidden="true" />
          <span className="place mono" aria-hidden="true">
            {first.kinema.number}
          </span>
          <span className="place end mono" aria-hidden="true">
            {second.kinema.number}
          </span>
          <input
            type="range"
            min={0}
            max={100}
            value={edge}
            aria-label={say('compare.edge')}
            onChange={(event) => onEdge(Number(event.target.value))}
          />
        </>
      ) : null}
    </div>
  );
}

interface PickerProps {
  videos: readonly Video[];
  pair: readonly [Video, Video];
  onPick: (first: Video, second: Video) => void;
}

/** Which two, where there are more. */
export function PairPicker({ videos, pair, onPick }: PickerProps) {
  const say = useWords();
  const [first, second] = pair;
  if (videos.length < 3) return null;
  const choice = (value: Video, label: string, pick: (video: Video) => void) => (
    <Menu<string>
      label={label}
      className="btn line small"
      below
      shown={`${videos.indexOf(value) + 1} · ${value.kinema.number ?? ''}`}
      value={value.id}
      items={videos.map((one, place) => ({
        value: one.id,
        label: `${place + 1} · ${one.kinema.number ?? ''}`,
        note: say('compare.seed', { n: one.kinema.seed }),
      }))}
      onPick={(id) => {
        const video = videos.find((one) => one.id === id);
        if (video) pick(video);
      }}
    />
  );
  return (
    <>
      {choice(first, say('compare.first'), (one) => onPick(one, one === second ? first : second))}
      {choice(second, say('compare.second'), (one) => onPick(one === first ? second : first, one))}
    </>
  );
}
