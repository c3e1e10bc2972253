/** The words themselves: underlined as they are read, with a list of characters behind an `@`. */
import { type KeyboardEvent, type RefObject, useId, useState } from 'react';
import { characterUrl, useCast } from '../../api/cast';
import { usePrefs } from '../../state/prefs';
import { useWords } from '../../words';
import type { Piece } from '../marks';
import { Mirror } from './Mirror';

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  cut: readonly Piece[];
  note: string;
  placeholder: string;
  onWrite: () => void;
}

const ASKED = /(^|\s)@([\p{L}\p{N}' -]{0,30})$/u;

export function Field({ field, cut, note, placeholder, onWrite }: Props) {
  const say = useWords();
  const { draft, write } = usePrefs();
  const cast = useCast();
  const list = useId();
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState(false);
  const asked = closed ? null : ASKED.exec(draft.prompt.slice(0, caret));
  const begun = asked?.[2]?.toLowerCase() ?? '';
  const names = asked ? cast.filter((one) => one.name.toLowerCase().startsWith(begun)) : [];
  const isOpen = names.length > 0;

  const take = (name: string | undefined) => {
    if (!asked || !name) return;
    const start = caret - begun.length - 1;
    const before = `${draft.prompt.slice(0, start)}${name} `;
    write({ prompt: before + draft.prompt.slice(caret).trimStart() });
    setCaret(before.length);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(before.length, before.length);
    });
  };
  const keys = (event: KeyboardEvent) => {
    if (!isOpen) return;
    if (event.key === 'ArrowDown') setAt((at + 1) % names.length);
    else if (event.key === 'ArrowUp') setAt((at + names.length - 1) % names.length);
    else if (event.key === 'Escape') setClosed(true);
    else if ((event.key === 'Enter' && !event.ctrlKey) || event.key === 'Tab')
      take(names[at]?.name);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="pwrap-box">
      <div className="pwrap">
        <Mirror cut={cut} />
        <textarea
          ref={field}
          id="prompt"
          rows={1}
          value={draft.prompt}
          dir="auto"
          maxLength={32_000}
          placeholder={placeholder}
          aria-label={say('prompt.label')}
          aria-describedby={note}
          aria-autocomplete="list"
          aria-controls={isOpen ? list : undefined}
          aria-activedescendant={isOpen ? `${list}-${at}` : undefined}
          onKeyDown={keys}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onChange={(event) => {
            onWrite();
            setAt(0);
            setClosed(false);
            setCaret(event.target.selectionStart);
            write({ prompt: event.target.value });
          }}
        />
      </div>
      {isOpen ? (
        <div id={list} className="menu cast-list" role="listbox" aria-label={say('nav.characters')}>
          {names.map((one, place) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the field
            <div
              key={one.id}
              id={`${list}-${place}`}
              role="option"
              tabIndex={-1}
              aria-selected={place === at}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(one.name)}
            >
              <video src={`${characterUrl(one.id)}#t=0.5`} preload="metadata" muted />
              <span>{one.name}</span>
              <small>{one.looks}</small>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}
