/** What the clip came from and what came from it, as a drawing that scrolls in its own place. */
import { useEffect, useMemo, useRef } from 'react';
import { contentUrl, type Video } from '../../api/client';
import { useFamily } from '../../api/clip';
import { Leader } from '../../parts/Leader';
import { useLive } from '../../state/live';
import { clipPath, link } from '../../state/route';
import { named, useWords } from '../../words';
import { type Placed, treeOf } from './tree';

const WIDTH = 104;
const HEIGHT = 58;
const COLUMN = 214;
const ROW = 70;

export function Family({ video }: { video: Video }) {
  const say = useWords();
  const family = useFamily(video.id).data;
  const hidden = useLive((live) => live.hidden);
  const tree = useMemo(
    () => treeOf((family ?? []).filter((one) => !hidden[one.id])),
    [family, hidden],
  );
  const here = useRef<HTMLAnchorElement>(null);
  const many = tree.placed.length;
  useEffect(() => {
    const box = here.current?.closest('.family-box');
    const node = here.current?.parentElement;
    if (!box || !node || many < 2) return;
    // Only its own place scrolls, never the page.
    box.scrollLeft = node.offsetLeft - (box.clientWidth - node.offsetWidth) / 2;
    box.scrollTop = node.offsetTop - (box.clientHeight - node.offsetHeight) / 2;
  }, [many]);
  if (many < 2) return null;
  const size = {
    width: (tree.columns - 1) * COLUMN + WIDTH + 8,
    height: (tree.rows - 1) * ROW + HEIGHT + 8,
  };
  return (
    <section className="family" aria-labelledby="family-title">
      <div className="section-head">
        <h2 id="family-title">{say('clip.family')}</h2>
        <span className="muted">{say('family.note')}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys as well */}
      {/* biome-ignore lint/a11y/useSemanticElements: a region that scrolls */}
      <div className="family-box" role="region" aria-label={say('clip.family')} tabIndex={0}>
        <div className="family-map" style={size}>
          <svg {...size} aria-hidden="true">
            {tree.edges.map(({ from, to }) => (
              <Edge key={to.video.id} from={from} to={to} />
            ))}
          </svg>
          <ul>
            {tree.placed.map((one) => (
              <Node
                key={one.video.id}
                placed={one}
                here={one.video.id === video.id ? here : null}
              />
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}

const left = ({ column }: Placed) => column * COLUMN + 4;
const top = ({ row }: Placed) => row * ROW + 4;

function Edge({ from, to }: { from: Placed; to: Placed }) {
  const [x1, y1] = [left(from) + WIDTH, top(from) + HEIGHT / 2];
  const [x2, y2] = [left(to), top(to) + HEIGHT / 2];
  const bend = (x2 - x1) / 2;
  return (
    <path
      className={`edge op-${to.video.kinema.task}`}
      d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
    />
  );
}

function Node({
  placed,
  here,
}: {
  placed: Placed;
  here: React.RefObject<HTMLAnchorElement | null> | null;
}) {
  const say = useWords();
  const { video } = placed;
  const done = video.status === 'completed' && video.kinema.state !== 'expired';
  const task = named(say, 'task', video.kinema.task);
  const number = video.kinema.number ?? '';
  return (
    <li style={{ left: left(placed), top: top(placed), width: WIDTH }}>
      {video.kinema.source ? (
        <span className={`edge-name op-${video.kinema.task}`}>{task}</span>
      ) : null}
      <a
        ref={here}
        className="gate"
        style={{ height: HEIGHT }}
        aria-current={here ? 'page' : undefined}
        aria-label={say('family.node', {
          n: number,
          task,
          prompt: video.prompt || say('plate.untitled'),
        })}
        {...link(clipPath(video.id))}
      >
        {done ? (
          <img className="vid" src={contentUrl(video.id, 'thumbnail')} alt="" loading="lazy" />
        ) : video.status === 'failed' ? null : (
          <Leader percent={video.progress} left={video.kinema.eta} size={36} />
        )}
        <span className="badge start">{number}</span>
      </a>
    </li>
  );
}
