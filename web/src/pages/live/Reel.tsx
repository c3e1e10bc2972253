/** What was: pieces by what was said, each of which can be kept. */
import { useStore } from 'zustand';
import { Icon } from '../../parts/Icon';
import { clipPath, link } from '../../state/route';
import { useWords } from '../../words';
import { clock } from './says';
import type { Stream } from './stream';

/** Seconds of a piece that can be kept at most: as long as a clip is. */
const LONGEST = 20;

export function Reel({ stream }: { stream: Stream }) {
  const say = useWords();
  const { reel, stills } = useStore(stream.now);
  return (
    <ol className="reel" aria-label={say('live.reel')}>
      {reel.map(({ prompt, start, end, clips }) => {
        const clip = clips.at(-1);
        const keep = () => {
          const until = end ?? start + LONGEST;
          stream.say({ do: 'keep', start: Math.max(start, until - LONGEST), end: until });
        };
        return (
          <li
            key={start}
            className={end === null ? 'now' : ''}
            style={{
              flexGrow: Math.max(1, Math.min(60, (end ?? start + 4) - start)),
              ...(stills[start] ? { backgroundImage: `url(${stills[start]})` } : {}),
            }}
          >
            <span className="mono">{end === null ? say('live.now') : clock(start)}</span>
            <span className="line1" dir="auto">
              {prompt}
            </span>
            {clip ? (
              <a
                className="icon-btn glass"
                aria-label={say('plate.open', { prompt })}
                {...link(clipPath(clip))}
              >
                <Icon name="check" size={15} />
              </a>
            ) : end === null ? null : (
              <button
                type="button"
                className="icon-btn glass"
                aria-label={say('live.keepPiece', { prompt })}
                title={say('live.keepPiece', { prompt })}
                onClick={keep}
              >
                <Icon name="heart" size={15} />
              </button>
            )}
          </li>
        );
      })}
    </ol>
  );
}
