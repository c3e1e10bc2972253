/** Who is in a card, and what is said and shown over it. */
import { useState } from 'react';
import { Icon } from '../../parts/Icon';
import { useWords } from '../../words';
import { addCharacter, addLine, linesOf, removeLine, setWords, toggleCharacter } from './acts';
import { type Item, type Line, type Project, type Shot, wordsOf } from './document';
import { Field } from './Field';
import { useBoard } from './store';
import { useText } from './text';

export function Characters({ project, item, shot }: { project: Project; item: Item; shot: Shot }) {
  const say = useWords();
  const act = useBoard((board) => board.act);
  const [adding, setAdding] = useState(false);
  return (
    <Field name={say('nav.characters')}>
      <div className="row">
        {Object.entries(project.cast ?? {}).map(([id, who]) => (
          <button
            key={id}
            type="button"
            className="sb-who"
            aria-pressed={shot.characters?.includes(id) ?? false}
            title={who.looks}
            onClick={() => act(toggleCharacter(project, item.ref, id))}
          >
            @{who.name}
          </button>
        ))}
        <button
          type="button"
          className="btn line small"
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        >
          <Icon name="plus" size={14} />
          {say('board.character')}
        </button>
      </div>
      {adding ? (
        <form
          className="sb-inline"
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            const name = String(form.get('name')).trim();
            if (!name) return;
            act(addCharacter(project, name, String(form.get('looks')).trim(), item.ref));
            setAdding(false);
          }}
        >
          <input
            className="input"
            name="name"
            placeholder={say('board.name')}
            aria-label={say('board.name')}
            maxLength={60}
          />
          <input
            className="input"
            name="looks"
            placeholder={say('board.looks')}
            aria-label={say('board.looks')}
            maxLength={300}
          />
          <button type="submit" className="btn line small">
            {say('board.add')}
          </button>
        </form>
      ) : null}
    </Field>
  );
}

export function Lines({ project, shot }: { project: Project; shot: string }) {
  const say = useWords();
  const act = useBoard((board) => board.act);
  const language = useBoard((board) => board.language);
  /** `narration`, `title`, or the id of who says it. */
  const [who, setWho] = useState('narration');
  const [text, setText] = useState('');
  const add = () => {
    const value = text.trim();
    const isSaid = who !== 'narration' && who !== 'title';
    const kind = isSaid ? 'speech' : (who as Line['kind']);
    if (value) act(addLine(project, shot, kind, value, isSaid ? who : undefined));
    setText('');
  };
  return (
    <Field name={say('board.words')}>
      {linesOf(project, shot).map((line) => (
        <Spoken
          key={`${line} ${language}`}
          label={
            project.cast?.[project.lines?.[line]?.speaker ?? '']?.name ??
            say(`board.${project.lines?.[line]?.kind ?? 'narration'}`)
          }
          value={wordsOf(project, line, language)}
          onChange={(value) => act(setWords(project, line, language, value))}
          onRemove={() => act(removeLine(project, line))}
        />
      ))}
      <form
        className="sb-inline words"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <select
          className="sb-select"
          value={who}
          aria-label={say('board.lineKind')}
          onChange={(event) => setWho(event.target.value)}
        >
          <option value="narration">{say('board.narration')}</option>
          <option value="title">{say('board.title')}</option>
          {Object.entries(project.cast ?? {}).map(([id, { name }]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <input
          className="input"
          value={text}
          dir="auto"
          maxLength={2000}
          placeholder={say('board.newLine')}
          aria-label={say('board.newLine')}
          onChange={(event) => setText(event.target.value)}
          onBlur={add}
        />
      </form>
    </Field>
  );
}

interface SpokenProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onRemove: () => void;
}

function Spoken({ label, value, onChange, onRemove }: SpokenProps) {
  const say = useWords();
  const text = useText(value, (now) => (now.trim() ? onChange(now.trim()) : undefined));
  return (
    <div className="sb-inline">
      <span className="muted">{label}</span>
      <input className="input cap" dir="auto" maxLength={2000} aria-label={label} {...text.props} />
      <button
        type="button"
        className="icon-btn small"
        aria-label={say('board.removeLine', { text: value })}
        onClick={onRemove}
      >
        <Icon name="close" size={13} />
      </button>
    </div>
  );
}
