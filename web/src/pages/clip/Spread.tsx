/** The other variations of the same wish, and the way to see them together. */

import { contentUrl, type Video } from '../../api/client';
import { useVideos } from '../../api/library';
import { Icon } from '../../parts/Icon';
import { useLive } from '../../state/live';
import { clipPath, link } from '../../state/route';
import { useWords } from '../../words';

const MOST = 9;

export function Spread({ video }: { video: Video }) {
  const say = useWords();
  const { spread } = video.kinema;
  const { videos } = useVideos(spread ? { spread } : {}, spread !== null);
  const hidden = useLive((live) => live.hidden);
  if (!spread) return null;
  const seen = videos
    .filter((one) => one.kinema.spread === spread && !hidden[one.id])
    .sort((a, b) => (a.kinema.number ?? 0) - (b.kinema.number ?? 0));
  const done = seen.filter((one) => one.status === 'completed');
  if (seen.length < 2) return null;
  const ids = done.slice(0, MOST).map((one) => one.id);
  return (
    <section className="siblings" aria-labelledby="spread-title">
      <div className="section-head">
        <h2 id="spread-title">{say('plate.variations', { n: seen.length })}</h2>
        {ids.length > 1 ? (
          <a className="link" {...link(`/compare?ids=${ids.join(',')}`)}>
            <Icon name="compare" size={14} /> {say('plate.compare')}
          </a>
        ) : null}
      </div>
      <ul>
        {seen.map((one) => (
          <li key={one.id}>
            <a
              className="gate"
              aria-current={one.id === video.id ? 'page' : undefined}
              aria-label={say('spread.one', { n: one.kinema.number ?? '', seed: one.kinema.seed })}
              {...link(clipPath(one.id))}
            >
              {one.status === 'completed' ? (
                <img className="vid" src={contentUrl(one.id, 'thumbnail')} alt="" />
              ) : null}
              <span className="badge start">{one.kinema.number}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
