/** Live: a picture that goes on for ever, and does what is said to it. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Refusal } from '../../api/client';
import { endedOrOpen, startLive, useLiveNow } from '../../api/road';
import { PromptWords } from '../../parts/prompt/Words';
import { usePrefs } from '../../state/prefs';
import { go, useRoute } from '../../state/route';
import { useWords, type WordKey } from '../../words';
import { Room } from './Room';
import { canPlay } from './stream';
import './live.css';

/** How often a worker is asked for that is just starting, or busy for a moment. */
const TRIES = 12;
const BEGINNINGS: readonly WordKey[] = ['live.begin1', 'live.begin2', 'live.begin3'];

export default function Live() {
  const { id } = useRoute();
  return id ? <Known key={id} id={id} /> : <Begin />;
}

/** A live that the address names: open, or at its end. */
function Known({ id }: { id: string }) {
  const say = useWords();
  const live = useLiveNow(id);
  if (live.isError && !live.data) return <Begin note={say('live.unknown')} />;
  if (!live.data) return null;
  const isOpen = endedOrOpen(live.data) === 'open';
  return isOpen ? (
    <Room live={live.data} />
  ) : (
    <Begin note={say('live.over')} of={live.data.prompt} />
  );
}

function Begin({ note, of }: { note?: string; of?: string }) {
  const say = useWords();
  const draft = usePrefs((prefs) => prefs.draft);
  const [prompt, setPrompt] = useState(of ?? draft.prompt);
  const [problem, setProblem] = useState<string | null>(note ?? null);
  const [busy, setBusy] = useState(false);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const start = async (words: string) => {
    setBusy(true);
    setProblem(null);
    for (let left = TRIES; left > 0; left -= 1) {
      try {
        const made = await startLive(words.trim(), draft.style);
        if (!here.current) return;
        go(`/live/${made.id}`, { replace: true });
        return;
      } catch (error) {
        const isBusy = error instanceof Refusal && error.status === 503 && left > 1;
        setProblem(isBusy ? say('live.waiting') : (error as Error).message);
        if (!isBusy || !here.current) break;
        await new Promise((resolve) => setTimeout(resolve, 1500));
      }
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (prompt.trim()) void start(prompt);
  };
  return (
    <div className="live-begin">
      <h1>{say('live.title')}</h1>
      <p className="cap">{say('live.about')}</p>
      {canPlay() ? null : <p role="alert">{say('live.cannot')}</p>}
      <form className="steer" onSubmit={submit} aria-label={say('live.title')}>
        <PromptWords
          value={prompt}
          label={say('live.first')}
          placeholder={say('live.first')}
          onWrite={setPrompt}
        />
        <button type="submit" className="btn lamp" disabled={busy || !prompt.trim()}>
          {say('live.start')}
        </button>
      </form>
      {problem ? <p role="status">{problem}</p> : null}
      <div className="row">
        {BEGINNINGS.map((word) => (
          <button
            key={word}
            type="button"
            className="pill"
            disabled={busy}
            onClick={() => {
              setPrompt(say(word));
              void start(say(word));
            }}
          >
            {say(word)}
          </button>
        ))}
      </div>
    </div>
  );
}
