/** A field that is written in freely and told of when the writer pauses, leaves, or the page goes. */
import { type ChangeEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { keyName } from '../../state/keys';

const PAUSE = 500;

export function useText(value: string, onChange: (value: string) => void) {
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const now = useRef({ draft, value, onChange });
  now.current = { draft, value, onChange };
  const commit = useRef(() => {
    clearTimeout(timer.current);
    const { draft: written, value: known, onChange: tell } = now.current;
    if (written !== null && written !== known) tell(written);
    now.current.draft = null;
    setDraft(null);
  });
  useEffect(() => {
    const leave = commit.current;
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, []);
  const isDirty = draft !== null && draft !== value;
  const onInput = (event: ChangeEvent<HTMLTextAreaElement | HTMLInputElement>) => {
    setDraft(event.target.value);
    clearTimeout(timer.current);
    timer.current = setTimeout(commit.current, PAUSE);
  };
  return {
    value: draft ?? value,
    props: {
      'data-dirty': isDirty,
      value: draft ?? value,
      onChange: onInput,
      onBlur: () => commit.current(),
      onKeyDown: (event: KeyboardEvent) => {
        const name = keyName(event.nativeEvent);
        // The field's own undo comes first, the document's when nothing is left of it.
        if (name === 'Ctrl+z' && isDirty) event.stopPropagation();
        if (name === 'Enter' && event.currentTarget instanceof HTMLInputElement) commit.current();
      },
    },
  };
}
