/** Keys of a page: single letters act only where no field has the focus and nobody turned them off. */
import { useEffect, useRef } from 'react';
import { usePrefs } from './prefs';

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

/** The name of a key press: `Ctrl+Shift+Enter`, `k`, `?`, `ArrowLeft`. */
export function keyName(event: KeyboardEvent): string {
  const letter = event.key.length === 1;
  const name = letter ? event.key.toLowerCase() : event.key;
  const held = [
    event.ctrlKey || event.metaKey ? 'Ctrl+' : '',
    event.altKey ? 'Alt+' : '',
    event.shiftKey && (!letter || event.ctrlKey || /[a-z]/.test(name)) ? 'Shift+' : '',
  ];
  return held.join('') + name;
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type=range]), textarea, select, [contenteditable]')
  );
}

/** Listen to these keys while the component is there. */
export function useKeys(map: KeyMap): void {
  const now = useRef(map);
  now.current = map;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const name = keyName(event);
      const act = now.current[name];
      if (!act) return;
      const isLetter = name.length === 1;
      if (isField(event.target) && !name.startsWith('Ctrl+') && name !== 'Escape') return;
      if (document.querySelector('dialog[open], [role=menu]') && name !== 'Escape') return;
      if (isLetter && !usePrefs.getState().letters) return;
      event.preventDefault();
      act(event);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}
