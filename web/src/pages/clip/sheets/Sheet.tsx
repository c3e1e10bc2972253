/** What every action sheet has: words, a control, what is kept, a glance, the button with its time. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { contentUrl, Refusal, type Video, type Word } from '../../../api/client';
import { useSketch } from '../../../api/clip';
import { type Order, order as send, useEstimate, useReading } from '../../../api/make';
import { Icon } from '../../../parts/Icon';
import { useKeys } from '../../../state/keys';
import { keepForLater } from '../../../state/outbox';
import { clipPath, go } from '../../../state/route';
import { useToasts } from '../../../state/toasts';
import { lasting, named, useWords } from '../../../words';
import { type Keeping, keeps } from '../kept';
import { useHead } from '../playback';
import { type Act, useWishes, type Wish } from '../wish';
import './sheet.css';

export interface SheetProps {
  act: Act;
  video: Video;
  wish: Wish;
  change: (change: Partial<Wish>) => void;
  /** How the words of the clip were read. */
  read: readonly Word[];
  /** The model draws scenes, so that what is kept is known and one frame can be seen before. */
  draws: boolean;
  fps: number;
}

interface Props extends SheetProps {
  order: Order | null;
  /** What the words are for; null where there are none. */
  ask: string | null;
  /** Seconds of the new clip at which it is looked at. */
  at: number;
  note?: string | undefined;
  children: ReactNode;
}

export function Sheet(props: Props) {
  const { act, video, wish, change, order, ask, at, draws, children } = props;
  const say = useWords();
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const estimate = useEstimate(order);
  const sketch = useSketch(draws ? order : null, at);
  const answer = estimate.error instanceof Refusal ? estimate.error : sketch.refusal;
  const isRefused = answer !== null && answer.status >= 400 && answer.status < 500;
  const refusal = order && isRefused ? answer : null;

  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    form.current?.querySelector<HTMLElement>('textarea, input, button:not(.sheet-close)')?.focus();
    return () => before?.focus?.();
  }, []);

  const make = async () => {
    if (!order || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const [made] = await send(order);
      useWishes.getState().forget(act, video);
      if (made) go(clipPath(made.id));
    } catch (error) {
      if (error instanceof Refusal && error.status === 0) {
        keepForLater(order);
        useToasts.getState().add(say('prompt.kept'));
      } else setProblem((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const close = () => go(clipPath(video.id), { replace: true });
  useKeys({ 'Ctrl+Enter': () => void make(), Escape: close });

  const seconds = estimate.data?.seconds ?? null;
  return (
    <form
      ref={form}
      className={`sheet op-${act}`}
      aria-label={say(`act.${act}`)}
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <header className="sheet-head">
        <Icon name={act} size={18} />
        <h2>{say(`act.${act}`)}</h2>
        <span className="muted">{say(`sheet.${act}`)}</span>
        <button
          type="button"
          className="icon-btn small sheet-close"
          aria-label={say('common.close')}
          onClick={close}
        >
          <Icon name="close" size={16} />
        </button>
      </header>
      <div className="sheet-left">
        {ask ? (
          <label className="field">
            <span>{ask}</span>
            <textarea
              className="input"
              rows={2}
              maxLength={32_000}
              value={wish.words}
              dir="auto"
              onChange={(event) => change({ words: event.target.value })}
            />
          </label>
        ) : null}
        {children}
        <Kept {...props} />
        {problem || refusal ? (
          <p className="sheet-problem" role="alert">
            <Icon name="warn" size={15} />
            {problem ?? refusal?.message}
          </p>
        ) : null}
      </div>
      <div className="sheet-right">
        <Glance video={video} shown={sketch.shown} />
        <button
          type="submit"
          className="btn lamp"
          disabled={!order || busy || refusal !== null}
          data-estimate={seconds ?? undefined}
        >
          {say(`act.${act}`)}
          {order && seconds !== null ? ` · ${lasting(say, seconds)}` : ''}
          <kbd aria-hidden="true">Ctrl ↵</kbd>
        </button>
        <p className="muted">
          {video.kinema.number === null
            ? say('clip.newOne')
            : say('sheet.newOne', { n: video.kinema.number })}
        </p>
      </div>
    </form>
  );
}

/** One frame of what would be made, or the clip as it is where nobody can tell. */
function Glance({ video, shown }: { video: Video; shown: string | null }) {
  const say = useWords();
  return (
    <span className="gate glance">
      <img
        className="vid"
        src={shown ?? contentUrl(video.id, 'thumbnail')}
        alt={say(shown ? 'sheet.glanceAlt' : 'sheet.nowAlt')}
        data-sketch={shown ? '' : undefined}
      />
      <span className="badge">{say(shown ? 'sheet.glance' : 'sheet.now')}</span>
    </span>
  );
}

/** Chips of what stays and what may change. */
function Kept({ act, wish, read, draws, note }: Props) {
  const say = useWords();
  const after = useReading(wish.words).data?.words ?? [];
  const words = wish.words.trim() ? after : [];
  const lost = words.filter((word) => word.how === 'unknown').map((word) => word.text);
  if (!draws) return note ? <p className="muted">{note}</p> : null;
  return (
    <>
      <ul className="row kept" aria-label={say('kept.title')}>
        {keeps(act, wish, read, words).map((one) => (
          <li key={one.word + JSON.stringify(one.values)}>
            <span className={`chip ${one.stays ? 'ok' : 'warn dashed'}`}>{said(say, one)}</span>
          </li>
        ))}
      </ul>
      {lost.length ? (
        <p className="muted">
          {say('sheet.lost', { words: lost.map((one) => `“${one}”`).join(', ') })}
        </p>
      ) : null}
    </>
  );
}

function said(say: ReturnType<typeof useWords>, { word, values = {} }: Keeping): string {
  const slot = values.slot ? { slot: named(say, 'slot', values.slot) } : {};
  return say(word, { ...values, ...slot });
}

/** The second of the clip that is on the screen, in steps that are worth another look. */
export function useSeen(fps: number): number {
  return useHead((head) => Math.round((head.frame / fps) * 4) / 4);
}
