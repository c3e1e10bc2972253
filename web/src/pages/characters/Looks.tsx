/** Styles of one's own: a name for words that are added to every prompt, over a style of the model. */
import { type FormEvent, useState } from 'react';
import { useCards } from '../../api/cards';
import { forgetLook, keepLook, type LookWords, useLooks } from '../../api/cast';
import type { Look } from '../../api/client';
import { pictureOf } from '../../parts/prompt/Choices';
import { Sure } from '../../parts/Sure';
import { usePrefs } from '../../state/prefs';
import { go, setQuery, useRoute } from '../../state/route';
import { named, useWords } from '../../words';

export function Looks() {
  const say = useWords();
  const looks = useLooks();
  const { query } = useRoute();
  const edited = looks.find((one) => one.id === query.get('look'));
  const isOpen = query.has('new') || edited !== undefined;
  const close = () => setQuery({ new: null, look: null });
  return (
    <>
      {isOpen ? (
        <LookForm key={edited?.id ?? ''} look={edited} onDone={close} />
      ) : (
        <button type="button" className="btn lamp" onClick={() => setQuery({ new: '1' })}>
          {say('look.new')}
        </button>
      )}
      {looks.length || isOpen ? null : <p className="page-note cap">{say('look.empty')}</p>}
      <ul className="people">
        {looks.map((look) => (
          <One key={look.id} look={look} />
        ))}
      </ul>
    </>
  );
}

function One({ look }: { look: Look }) {
  const say = useWords();
  const picture = pictureOf(look.style);
  return (
    <li className="person" data-look={look.id}>
      <div className="gate">{picture ? <img className="vid" src={picture} alt="" /> : null}</div>
      <h2 className="storyline" dir="auto">
        {look.name}
      </h2>
      <p className="cap" dir="auto">
        {look.words}
      </p>
      <p className="muted">
        {look.style ? named(say, 'style', look.style) : say('style.none')}
        {look.negative_prompt ? ` · ${say('look.without', { words: look.negative_prompt })}` : null}
      </p>
      <div className="row">
        <button
          type="button"
          className="btn line small"
          onClick={() => {
            usePrefs.getState().write({ look: look.id, style: null });
            go('/');
          }}
        >
          {say('settings.use')}
        </button>
        <button
          type="button"
          className="link"
          onClick={() => setQuery({ look: look.id, new: null })}
        >
          {say('look.change')}
        </button>
        <span className="grow" />
        <Sure
          label={say('cast.forget')}
          sure={say('cast.forgetSure')}
          onSure={() => forgetLook(look.id)}
        />
      </div>
    </li>
  );
}

function LookForm({ look, onDone }: { look: Look | undefined; onDone: () => void }) {
  const say = useWords();
  const cards = useCards().data ?? [];
  const styles = [...new Set(cards.flatMap((card) => card.styles ?? []))];
  const [style, setStyle] = useState(look?.style ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const keep = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: string) => String(given.get(name) ?? '').trim();
    const body: LookWords = {
      name: text('name'),
      ...(text('words') ? { words: text('words') } : {}),
      ...(text('negative') ? { negative_prompt: text('negative') } : {}),
      ...(style ? { style } : {}),
    };
    keepLook(body, look?.id ?? null).then(onDone, (error: Error) => setProblem(error.message));
  };
  return (
    <form className="model-card new-one" aria-label={say('look.new')} onSubmit={keep}>
      <label className="field">
        <span>{say('look.name')}</span>
        <input
          className="input"
          name="name"
          required
          maxLength={200}
          autoComplete="off"
          defaultValue={look?.name}
          // biome-ignore lint/a11y/noAutofocus: the form was asked for
          autoFocus
        />
      </label>
      <label className="field">
        <span>{say('look.words')}</span>
        <textarea
          className="input"
          name="words"
          rows={2}
          maxLength={2000}
          dir="auto"
          defaultValue={look?.words}
          placeholder={say('look.wordsHint')}
        />
      </label>
      <label className="field">
        <span>{say('look.negative')}</span>
        <input
          className="input"
          name="negative"
          maxLength={2000}
          dir="auto"
          defaultValue={look?.negative_prompt}
        />
      </label>
      <div className="field">
        <span>{say('look.over')}</span>
        <div className="clips" role="radiogroup" aria-label={say('look.over')}>
          {['', ...styles].map((one) => (
            // biome-ignore lint/a11y/useSemanticElements: a radio button cannot be drawn so
            <button
              key={one}
              type="button"
              role="radio"
              aria-checked={one === style}
              onClick={() => setStyle(one)}
            >
              <img src={pictureOf(one || null)} alt="" />
              {one ? named(say, 'style', one) : say('style.none')}
            </button>
          ))}
        </div>
      </div>
      {problem ? <p role="alert">{problem}</p> : null}
      <div className="row">
        <button type="submit" className="btn lamp">
          {say('common.save')}
        </button>
        <button type="button" className="btn" onClick={onDone}>
          {say('common.cancel')}
        </button>
      </div>
    </form>
  );
}
