/** The cast: each with the clip that shows it, what it looks like in words, and where it plays. */
import { useState } from 'react';
import { characterUrl, describeCharacter, forgetCharacter, useCast } from '../../api/cast';
import type { Played } from '../../api/client';
import { Sure } from '../../parts/Sure';
import { usePrefs } from '../../state/prefs';
import { go, link, setQuery, useRoute } from '../../state/route';
import { useToasts } from '../../state/toasts';
import { useWords } from '../../words';
import { NewCharacter } from './NewCharacter';

export function Cast() {
  const say = useWords();
  const cast = useCast();
  const { query } = useRoute();
  const isNew = query.has('new') || query.has('from');
  return (
    <>
      {isNew ? (
        <NewCharacter key={query.get('from')} from={query.get('from')} />
      ) : (
        <button type="button" className="btn lamp" onClick={() => setQuery({ new: '1' })}>
          {say('cast.new')}
        </button>
      )}
      {cast.length || isNew ? null : <p className="page-note cap">{say('cast.empty')}</p>}
      <ul className="people">
        {cast.map((one) => (
          <Person key={one.id} of={one} />
        ))}
      </ul>
    </>
  );
}

function Person({ of: { id, name, looks } }: { of: Played }) {
  const say = useWords();
  const [words, setWords] = useState(looks);
  const [gone, setGone] = useState(false);
  const keep = () => {
    const said = words.trim();
    if (!said || said === looks) return setWords(looks);
    describeCharacter(id, said).catch((error: Error) => useToasts.getState().add(error.message));
  };
  const use = () => {
    const { draft, write } = usePrefs.getState();
    write({ prompt: draft.prompt ? `${draft.prompt.trimEnd()} ${name} ` : `${name} ` });
    go('/');
    setTimeout(() => document.getElementById('prompt')?.focus());
  };
  return (
    <li className="person" data-character={id}>
      <div className="gate">
        {gone ? (
          <p className="muted">{say('cast.clipGone')}</p>
        ) : (
          <Moving src={characterUrl(id)} label={name} onGone={() => setGone(true)} />
        )}
      </div>
      <h2 className="storyline" dir="auto">
        {name}
      </h2>
      <label className="field">
        <span className="sr">{say('cast.looksOf', { name })}</span>
        <textarea
          className="input"
          rows={2}
          value={words}
          maxLength={2000}
          dir="auto"
          onChange={(event) => setWords(event.target.value)}
          onBlur={keep}
        />
      </label>
      <div className="row">
        <button type="button" className="btn line small" onClick={use}>
          {say('cast.use')}
        </button>
        <a className="link" {...link(`/?find=${encodeURIComponent(name)}`)}>
          {say('cast.where')}
        </a>
        <span className="grow" />
        <Sure
          label={say('cast.forget')}
          sure={say('cast.forgetSure')}
          onSure={() => forgetCharacter(id)}
        />
      </div>
    </li>
  );
}

/** The clip of a character: a still that moves while it is pointed at. */
function Moving({ src, label, onGone }: { src: string; label: string; onGone: () => void }) {
  return (
    <video
      className="vid"
      src={`${src}#t=0.5`}
      preload="metadata"
      aria-label={label}
      muted
      loop
      playsInline
      onError={onGone}
      onMouseEnter={(event) => {
        if (!matchMedia('(prefers-reduced-motion: reduce)').matches)
          void event.currentTarget.play();
      }}
      onMouseLeave={(event) => event.currentTarget.pause()}
    />
  );
}
