/** Something that is shown this once, with a button that copies it. */
import { useState } from 'react';
import { useWords } from '../words';
import { Icon } from './Icon';

export function Secret({ text, note }: { text: string; note: string }) {
  const say = useWords();
  const [copied, setCopied] = useState(false);
  return (
    <div className="secret" role="status">
      <p>{note}</p>
      <div className="row">
        <code>{text}</code>
        <button
          type="button"
          className="btn line small"
          onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
        >
          <Icon name={copied ? 'check' : 'copy'} size={15} />
          {say(copied ? 'plate.copied' : 'common.copy')}
        </button>
      </div>
    </div>
  );
}
