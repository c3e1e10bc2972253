/** The library before there is anything, while it opens, and when it cannot be refreshed. */
import { type DragEvent as ReactDragEvent, useEffect, useState } from 'react';
import { Icon } from '../../parts/Icon';
import { useNow } from '../../parts/Leader';
import { DRAGGED } from '../../parts/PromptBar';
import { attach } from '../../parts/prompt/send';
import { usePrefs } from '../../state/prefs';
import { useToasts } from '../../state/toasts';
import { lasting, useWords, type WordKey } from '../../words';
import fox from './starters/fox.webp';
import panda from './starters/panda.webp';
import sailboat from './starters/sailboat.webp';

const STARTERS: readonly (readonly [WordKey, string])[] = [
  ['lib.starter1', fox],
  ['lib.starter2', sailboat],
  ['lib.starter3', panda],
];

export function Empty() {
  const say = useWords();
  const open = usePrefs((prefs) => prefs.open);
  useEffect(() => {
    document.getElementById('prompt')?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="empty">
      <h2>{say('lib.empty')}</h2>
      <p className="cap">{say('lib.emptyHow')}</p>
      <ul className="starters">
        {STARTERS.map(([word, picture]) => (
          <li key={word}>
            <button
              type="button"
              onClick={() => {
                open({ prompt: say(word) });
                document.getElementById('prompt')?.focus();
              }}
            >
              <img src={picture} alt="" width={400} height={225} />
              <span className="cap">{say(word)}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="muted">{say('lib.emptyDrop')}</p>
    </div>
  );
}

export function Blank() {
  const say = useWords();
  return (
    <>
      <div className="row blanks" aria-busy="true">
        {['16 / 9', '16 / 9', '9 / 16', '16 / 9', '1', '16 / 9'].map((shape, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
          <div key={at}>
            <div className="gate blank" style={{ aspectRatio: shape }} />
            <span className="blank-line" />
          </div>
        ))}
      </div>
      <p className="muted late">{say('lib.opening')}</p>
    </>
  );
}

/** Seconds between two attempts of the list. */
const AGAIN = 4;

export function Stale({ since, onNow }: { since: number; onNow: () => void }) {
  const say = useWords();
  const now = useNow();
  const left = Math.max(0, AGAIN - Math.floor((now - since) / 1000));
  return (
    <p className="notice" role="status">
      <Icon name="warn" />
      <span>{say('lib.refresh', { time: lasting(say, left) })}</span>
      <button type="button" className="link" onClick={onNow}>
        {say('common.now')}
      </button>
    </p>
  );
}

/** What is dropped anywhere on the page begins the next clip. */
export function useDrop(): { over: boolean } {
  const say = useWords();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const holds = (event: DragEvent) =>
      event.dataTransfer?.types.some((one) => one === 'Files' || one === DRAGGED) ?? false;
    const drag = (event: DragEvent) => {
      if (!holds(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!holds(event) || event.defaultPrevented || !event.dataTransfer) return;
      event.preventDefault();
      take(event.dataTransfer).then(
        (misfit) =>
          misfit && useToasts.getState().add(say('prompt.notPicture', { name: misfit.name })),
        (error: Error) => useToasts.getState().add(error.message),
      );
    };
    const end = () => setOver(false);
    addEventListener('dragover', drag);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    addEventListener('dragend', end);
    return () => {
      removeEventListener('dragover', drag);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
      removeEventListener('dragend', end);
    };
  }, [say]);
  return { over };
}

async function take(given: ReactDragEvent['dataTransfer']): Promise<File | null> {
  const clip = given.getData(DRAGGED);
  if (!clip) return attach(given.files);
  usePrefs.getState().write({ clip });
  return null;
}
