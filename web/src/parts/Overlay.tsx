/** Something over the page that takes the focus and gives it back. */
import { type ReactNode, useEffect, useRef } from 'react';
import { useWords } from '../words';
import { Icon } from './Icon';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

export function Overlay({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const say = useWords();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="overlay"
      aria-label={title}
      onClose={onClose}
      // The browser closes it with Escape, unless a page's own key says otherwise.
      onKeyDown={(event) => event.key === 'Escape' && event.stopPropagation()}
    >
      <header>
        <h2>{title}</h2>
        <button
          type="button"
          className="icon-btn"
          aria-label={say('common.close')}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
