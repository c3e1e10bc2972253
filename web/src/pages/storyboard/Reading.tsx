/** A card's sentence, with the words that are understood underlined while it is typed. */
import { useMemo, useRef } from 'react';
import { useReading } from '../../api/make';
import { Icon } from '../../parts/Icon';
import { pieces } from '../../parts/marks';
import { Mirror } from '../../parts/prompt/Mirror';
import { useWords } from '../../words';
import { useText } from './text';

interface Props {
  value: string;
  label: string;
  /** Whether the model reads words one by one, so that marks mean something. */
  reads: boolean;
  model: string;
  /** Names of characters, who are known here whatever the model knows. */
  names: readonly string[];
  onChange: (value: string) => void;
}

export function Reading({ value, label, reads, model, names, onChange }: Props) {
  const say = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const text = useText(value, onChange);
  const reading = useReading(reads ? text.value : '');
  const known = names.join('\n').toLowerCase();
  const cut = useMemo(() => {
    const people = new Set(known.split('\n'));
    return pieces(text.value, reads ? (reading.data?.words ?? []) : []).map((piece) =>
      people.has(piece.text.toLowerCase()) ? { ...piece, ink: 'who' as const } : piece,
    );
  }, [text.value, reading.data, reads, known]);
  const lost = [...new Set(cut.filter((one) => one.ink === 'lost').map((one) => `“${one.text}”`))];
  return (
    <div className="sb-story">
      <div className="pwrap">
        <Mirror cut={cut} />
        <textarea
          ref={field}
          rows={2}
          dir="auto"
          maxLength={8000}
          placeholder={say('prompt.placeholder')}
          aria-label={label}
          {...text.props}
        />
      </div>
      {lost.length ? (
        <p className="pnote" role="status">
          <Icon name="warn" size={15} />
          {say(lost.length > 1 ? 'prompt.lostMany' : 'prompt.lostOne', {
            words: lost.slice(0, 6).join(', '),
            model,
          })}
        </p>
      ) : null}
    </div>
  );
}
