/** A clip that is being made, or was not: how far it is, why not, and what mends it. */
import { aspect, type Video } from '../../api/client';
import { retry, type Steer, steer } from '../../api/queue';
import { Icon } from '../../parts/Icon';
import { Forming } from '../../parts/Plate';
import { useLive } from '../../state/live';
import { clipPath, go } from '../../state/route';
import { useToasts } from '../../state/toasts';
import { named, useWords } from '../../words';

const OPEN = ['queued', 'running', 'in_progress', 'paused', 'held'];

export function Unfinished({ video }: { video: Video }) {
  const say = useWords();
  const phase = useLive((live) => live.forming[video.id]?.phase) ?? video.kinema.phase;
  const { state } = video.kinema;
  const isOpen = OPEN.includes(state);
  const tell = (error: Error) => useToasts.getState().add(error.message);
  const change = (how: Steer) => void steer(video.id, how).catch(tell);
  const again = () => {
    retry(video.id, { keep: true }).then((made) => go(clipPath(made.id)), tell);
  };
  const reason =
    state === 'expired'
      ? say('plate.expired')
      : state === 'cancelled'
        ? say('clip.cancelled')
        : (video.error?.message ?? '');
  return (
    <>
      <div
        className={`gate screen ${isOpen ? '' : 'over'}`}
        style={{ aspectRatio: aspect(video.size), ['--aspect' as string]: aspect(video.size) }}
      >
        {isOpen ? <Forming video={video} /> : null}
      </div>
      <div className="unfinished" role="status">
        {isOpen ? (
          <>
            <span className="muted">
              {state === 'paused' ? say('queue.paused') : named(say, 'phase', phase ?? '')}
            </span>
            <button
              type="button"
              className="btn line small"
              onClick={() => change(state === 'paused' ? 'resume' : 'pause')}
            >
              <Icon name={state === 'paused' ? 'play' : 'pause'} size={14} />
              {say(state === 'paused' ? 'clip.resume' : 'clip.pause')}
            </button>
            <button type="button" className="btn line small" onClick={() => change('cancel')}>
              <Icon name="close" size={14} />
              {say('clip.cancel')}
            </button>
          </>
        ) : (
          <>
            <Icon name="warn" size={16} />
            <span>
              {reason} {say('queue.safe')}
            </span>
            <button type="button" className="btn line small" onClick={again}>
              <Icon name="history" size={14} />
              {say('queue.retry')}
            </button>
          </>
        )}
      </div>
    </>
  );
}
