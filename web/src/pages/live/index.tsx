/** Live: a picture that goes on for ever, and does what is said to it. */
import { type FormEvent, useState } from 'react';
import { endedOrOpen, startLive, useLiveNow } from '../../api/road';
import { PromptWords } from '../../parts/prompt/Words';
import { usePrefs } from '../../state/prefs';
import { go, useRoute } from '../../state/route';
import { useWords, type WordKey } from '../../words';
import { Room } from './Room';
import { canPlay } from './stream';
import './live.css';

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
  const start = async (words: string) => {
    setBusy(true);
    setProblem(null);
    try {
      const made = await startLive(words.trim(), draft.style);
      go(`/live/${made.id}`, { replace: true });
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
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
      {problem ? <p role="alert">{problem}</p> : null}
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
