/** The picture fills the room; what was said stands on it, and what happens next is said below. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { LiveNow } from '../../api/road';
import { Icon, type IconName } from '../../parts/Icon';
import { Leader, useNow } from '../../parts/Leader';
import { useKeys } from '../../state/keys';
import { usePrefs } from '../../state/prefs';
import { clipPath, go, link } from '../../state/route';
import { useWords, type WordKey } from '../../words';
import { Reel } from './Reel';
import { clock, type Quality } from './says';
import { Stream } from './stream';

const SUGGESTIONS: readonly WordKey[] = ['live.say1', 'live.say2', 'live.say3', 'live.say4'];
const KEPT = 10;
/** Milliseconds between two signs that somebody is there. */
const HERE = 30_000;

/** The stream of a live while the page is there. */
function useStream(id: string) {
  const video = useRef<HTMLVideoElement>(null);
  const [stream, setStream] = useState<Stream | null>(null);
  useEffect(() => {
    if (!video.current) return;
    const made = new Stream(id, video.current);
    made.open();
    setStream(made);
    let last = 0;
    const here = () => {
      if (Date.now() - last < HERE) return;
      last = Date.now();
      made.say({ do: 'here' });
    };
    addEventListener('pointermove', here, { passive: true });
    addEventListener('keydown', here);
    return () => {
      removeEventListener('pointermove', here);
      removeEventListener('keydown', here);
      made.close();
    };
  }, [id]);
  return { video, stream };
}

export function Room({ live }: { live: LiveNow }) {
  const { video, stream } = useStream(live.id);
  return (
    <div className="live">
      <div className="room">
        <video ref={video} className="vid" aria-label={live.prompt} muted playsInline />
        {stream ? <Over stream={stream} video={video} /> : null}
      </div>
      {stream ? <Reel stream={stream} /> : null}
    </div>
  );
}

interface OverProps {
  stream: Stream;
  video: React.RefObject<HTMLVideoElement | null>;
}

function Over({ stream, video }: OverProps) {
  const status = useStore(stream.now, (now) => now.status);
  const isHeld = status === 'held' || status === 'idle';
  useKeys({
    h: () => stream.say({ do: isHeld ? 'play' : 'hold' }),
    s: () => stream.say({ do: 'keep', seconds: KEPT }),
    '/': () => document.getElementById('steer')?.focus(),
  });
  return (
    <>
      <Top stream={stream} video={video} />
      <Veil stream={stream} />
      <div className="saying">
        <Lines stream={stream} />
        <Steer stream={stream} />
      </div>
    </>
  );
}

const QUALITIES: Record<Quality, WordKey> = {
  full: 'live.full',
  '3/4': 'live.threeQuarters',
  '1/2': 'live.half',
};

function Top({ stream, video }: OverProps) {
  const say = useWords();
  const { status, fps, answer, quality, keeping, kept } = useStore(stream.now);
  useNow();
  const isHeld = status === 'held' || status === 'idle';
  const seconds = (answer ?? 0) / 1000;
  return (
    <div className="live-top">
      <span className={`pill ${status === 'playing' ? 'on-air' : ''}`}>
        {say(status === 'playing' ? 'nav.live' : `live.${status}`)}
      </span>
      <span className="pill mono" role="timer">
        {clock(video.current?.currentTime ?? 0)}
      </span>
      {fps === null ? null : (
        <span className={`pill ${quality === 'full' ? '' : 'warn'}`}>
          {say('live.fps', { n: Math.round(fps) })}
          {quality === 'full' ? null : ` · ${say(QUALITIES[quality])}`}
        </span>
      )}
      {answer === null ? null : (
        <span className="pill answer">{say('live.answers', { n: seconds.toFixed(1) })}</span>
      )}
      <span className="grow" />
      <span role="status">
        {kept ? (
          <a className="pill" {...link(clipPath(kept))}>
            <Icon name="check" size={15} />
            {say('live.kept')}
          </a>
        ) : null}
      </span>
      <Act
        icon={isHeld ? 'play' : 'pause'}
        word={isHeld ? 'live.play' : 'live.hold'}
        onClick={() => stream.say({ do: isHeld ? 'play' : 'hold' })}
      />
      <Act
        icon="heart"
        word={keeping ? 'live.keeping' : 'live.keep'}
        disabled={keeping}
        onClick={() => stream.say({ do: 'keep', seconds: KEPT })}
      />
      <Act
        icon="loop"
        word="live.restart"
        onClick={() => stream.say({ do: 'restart', seed: Math.floor(Math.random() * 2 ** 31) })}
      />
      <Act icon="close" word="live.end" onClick={() => stream.say({ do: 'end' })} />
    </div>
  );
}

interface ActProps {
  icon: IconName;
  word: WordKey;
  onClick: () => void;
  disabled?: boolean;
}

function Act({ icon, word, onClick, disabled = false }: ActProps) {
  const say = useWords();
  return (
    <button
      type="button"
      className="pill"
      aria-label={say(word)}
      title={say(word)}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} size={15} />
      <span className="wide">{say(word)}</span>
    </button>
  );
}

/** What stands on the picture while it does not play. */
function Veil({ stream }: { stream: Stream }) {
  const say = useWords();
  const { status, again, note, lines } = useStore(stream.now);
  const now = useNow();
  if (status === 'lost') {
    return (
      <div className="veil" role="alert">
        <Leader percent={0} left={Math.max(0, (again - now) / 1000)} size={72} />
        <p>{say('live.lostNote')}</p>
        <button type="button" className="btn lamp" onClick={() => stream.retry()}>
          {say('common.now')}
        </button>
      </div>
    );
  }
  if (status === 'ended') {
    const last = lines.at(-1)?.prompt ?? '';
    return (
      <div className="veil" role="alert">
        <p>{note ?? say('live.over')}</p>
        <button
          type="button"
          className="btn lamp"
          onClick={() => {
            usePrefs.getState().write(last ? { prompt: last } : {});
            go('/live', { replace: true });
          }}
        >
          {say('live.anew')}
        </button>
      </div>
    );
  }
  if (status === 'idle') {
    return (
      <div className="veil" role="status">
        <p>{note ?? say('live.idleNote')}</p>
        <button type="button" className="btn lamp" onClick={() => stream.say({ do: 'play' })}>
          {say('live.play')}
        </button>
      </div>
    );
  }
  return null;
}

/** How many of the lines are seen. */
const SEEN = 3;

function Lines({ stream }: { stream: Stream }) {
  const lines = useStore(stream.now, (now) => now.lines);
  const captions = usePrefs((prefs) => prefs.captions);
  if (!captions) return null;
  return (
    <ol className="lines-said" aria-live="polite">
      {lines.slice(-SEEN).map(({ prompt, at }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same may be said twice
        <li key={lines.length - SEEN + place} className={at === null ? 'coming' : ''}>
          <span className="mono">{at === null ? '··:··' : clock(at)}</span>
          <span dir="auto">{prompt}</span>
        </li>
      ))}
    </ol>
  );
}

function Steer({ stream }: { stream: Stream }) {
  const say = useWords();
  const { refused, note, status } = useStore(stream.now);
  const [words, setWords] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // What was refused comes back into the field, unless something else is being written there.
    if (refused?.prompt) setWords((now) => now || refused.prompt);
  }, [refused]);
  const steer = (prompt: string) => {
    if (!prompt.trim()) return;
    stream.say({ do: 'steer', prompt: prompt.trim() });
    setWords('');
    field.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    steer(words);
  };
  const problem = refused?.message ?? (status === 'idle' || status === 'ended' ? null : note);
  return (
    <>
      <div className="row suggestions">
        {SUGGESTIONS.map((word) => (
          <button key={word} type="button" className="pill" onClick={() => steer(say(word))}>
            {say(word)}
          </button>
        ))}
      </div>
      <form className="steer" onSubmit={submit} aria-label={say('live.what')}>
        <input
          ref={field}
          id="steer"
          value={words}
          maxLength={4000}
          dir="auto"
          autoComplete="off"
          placeholder={say('live.what')}
          aria-label={say('live.what')}
          aria-describedby="steer-note"
          onChange={(event) => setWords(event.target.value)}
        />
        <button
          type="submit"
          className="btn lamp"
          aria-label={say('keys.steer')}
          disabled={!words.trim()}
        >
          <Icon name="send" />
        </button>
      </form>
      <p id="steer-note" className="steer-note" role="status">
        {problem}
      </p>
    </>
  );
}
