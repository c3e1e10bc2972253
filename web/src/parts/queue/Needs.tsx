/** Needs you: what failed, why, and what mends it. */
import type { Video } from '../../api/client';
import { deleteSoon, useVideos } from '../../api/library';
import { retry } from '../../api/queue';
import { useLive } from '../../state/live';
import { forgetRefused, useOutbox } from '../../state/outbox';
import { usePrefs } from '../../state/prefs';
import { go, useRoute } from '../../state/route';
import { useToasts } from '../../state/toasts';
import { useWords } from '../../words';
import { Icon } from '../Icon';
import { writeAgain } from '../plate/acts';

export function Needs() {
  const say = useWords();
  const { videos } = useVideos();
  const hidden = useLive((live) => live.hidden);
  const refused = useOutbox((box) => box.refused);
  const failed = videos.filter((one) => one.kinema.state === 'failed' && !hidden[one.id]);
  return (
    <>
      {failed.length + refused.length ? <h3>{say('queue.needs')}</h3> : null}
      <ul aria-live="assertive">
        {refused.map(({ what, reason }) => (
          <li key={what.seed} className="job fail">
            <Icon name="warn" size={17} />
            <div>
              <p className="cap line1" dir="auto">
                {what.prompt || say('plate.untitled')}
              </p>
              <span className="muted">{reason}</span>
              <div className="row">
                <button
                  type="button"
                  className="link"
                  onClick={() => {
                    usePrefs.getState().open({ prompt: what.prompt ?? '' });
                    forgetRefused(what);
                    go('/');
                  }}
                >
                  {say('queue.edit')}
                </button>
                <button type="button" className="link" onClick={() => forgetRefused(what)}>
                  {say('queue.dismiss')}
                </button>
              </div>
            </div>
          </li>
        ))}
        {failed.map((video) => (
          <Failed key={video.id} video={video} />
        ))}
      </ul>
    </>
  );
}

function Failed({ video }: { video: Video }) {
  const say = useWords();
  const { page } = useRoute();
  const again = (size?: string) => {
    retry(video.id, size ? { size } : {}).catch((error: Error) =>
      useToasts.getState().add(error.message),
    );
  };
  return (
    <li className="job fail" data-failed={video.id}>
      <Icon name="warn" size={17} />
      <div>
        <p className="cap line1" dir="auto">
          {video.prompt || say('plate.untitled')}
        </p>
        <span className="muted">
          {(video.error?.message ?? '').replace(/[.!?]?$/, '.')} {say('queue.safe')}
        </span>
        <div className="row">
          <button type="button" className="link" onClick={() => again()}>
            {say('queue.retry')}
          </button>
          {video.kinema.source ? null : (
            <>
              <button type="button" className="link" onClick={() => again(half(video.size))}>
                {say('queue.smaller')}
              </button>
              <button
                type="button"
                className="link"
                onClick={() => {
                  writeAgain(say, video);
                  if (page) go('/');
                }}
              >
                {say('queue.edit')}
              </button>
            </>
          )}
          <button type="button" className="link" onClick={() => deleteSoon(video.id)}>
            {say('queue.dismiss')}
          </button>
        </div>
      </div>
    </li>
  );
}

/** Half as wide and high, in steps that every model takes. */
export function half(size: string): string {
  return size
    .split('x')
    .map((side) => Math.max(128, Math.round(Number(side) / 64) * 32))
    .join('x');
}
