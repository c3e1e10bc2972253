/** A part of a clip, by two handles on one line. */
import { useWords } from '../../words';

interface Props {
  label: string;
  start: number;
  end: number;
  most: number;
  step: number;
  /** The beginning stays where it is. */
  fixed?: boolean;
  onChange: (start: number, end: number) => void;
}

export function DualRange({ label, start, end, most, step, fixed, onChange }: Props) {
  const say = useWords();
  const share = (at: number) => `${(at / most) * 100}%`;
  return (
    <div className="field">
      <span className="field-row">
        <span className="strong">{label}</span>
        <span className="muted mono">
          {start.toFixed(2)} – {say('common.seconds', { n: end.toFixed(2) })}
        </span>
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of two sliders */}
      <span className="dual" role="group" aria-label={label}>
        <i style={{ left: share(start), right: share(most - end) }} />
        {fixed ? null : (
          <input
            type="range"
            min={0}
            max={most}
            step={step}
            value={start}
            aria-label={say('sheet.from')}
            onChange={(event) => onChange(Math.min(Number(event.target.value), end - step), end)}
          />
        )}
        <input
          type="range"
          min={0}
          max={most}
          step={step}
          value={end}
          aria-label={say('sheet.to')}
          onChange={(event) => onChange(start, Math.max(Number(event.target.value), start + step))}
        />
      </span>
    </div>
  );
}
