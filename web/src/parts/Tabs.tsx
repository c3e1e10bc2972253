/** One of a few, all of them visible. */
interface Props {
  label: string;
  value: string;
  items: readonly (readonly [value: string, label: string])[];
  onPick: (value: string) => void;
}

export function Tabs({ label, value, items, onPick }: Props) {
  return (
    <div className="tabs" role="radiogroup" aria-label={label}>
      {items.map(([one, name]) => (
        // biome-ignore lint/a11y/useSemanticElements: a radio button cannot be drawn as a tab
        <button
          key={one}
          type="button"
          role="radio"
          aria-checked={one === value}
          onClick={() => onPick(one)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
