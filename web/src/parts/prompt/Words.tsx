/** A field of words that are underlined as they are read, for wherever one prompt is written. */
import { useMemo } from 'react';
import { useReading } from '../../api/make';
import { pieces } from '../marks';
import { Mirror } from './Mirror';

interface Props {
  value: string;
  label: string;
  placeholder: string;
  onWrite: (words: string) => void;
}

export function PromptWords({ value, label, placeholder, onWrite }: Props) {
  const reading = useReading(value);
  const cut = useMemo(() => pieces(value, reading.data?.words ?? []), [value, reading.data]);
  return (
    <div className="pwrap">
      <Mirror cut={cut} />
      <textarea
        rows={1}
        value={value}
        dir="auto"
        maxLength={4000}
        placeholder={placeholder}
        aria-label={label}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
        onChange={(event) => onWrite(event.target.value)}
      />
    </div>
  );
}
