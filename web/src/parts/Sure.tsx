/** A button for what cannot be undone: it asks once more, in its own place. */
import { useState } from 'react';
import { useToasts } from '../state/toasts';
import { useWords } from '../words';

interface Props {
  label: string;
  /** What is pressed the second time. */
  sure: string;
  onSure: () => Promise<unknown>;
  disabled?: boolean;
}

export function Sure({ label, sure, onSure, disabled = false }: Props) {
  const say = useWords();
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <button
        type="button"
        className="btn line small"
        disabled={disabled}
        onClick={() => setAsked(true)}
      >
        {label}
      </button>
    );
  }
  return (
    <span className="row" role="alert">
      <button
        type="button"
        className="btn bad small"
        onClick={() => {
          setAsked(false);
          onSure().catch((error: Error) => useToasts.getState().add(error.message));
        }}
      >
        {sure}
      </button>
      <button
        type="button"
        className="btn small"
        // biome-ignore lint/a11y/noAutofocus: the harmless answer is at hand where the question was
        autoFocus
        onClick={() => setAsked(false)}
      >
        {say('common.cancel')}
      </button>
    </span>
  );
}
