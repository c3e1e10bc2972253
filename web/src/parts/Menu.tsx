/** A button with a menu: arrows move, Enter takes, Escape and a click elsewhere close. */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface MenuItem<T> {
  value: T;
  label: string;
  note?: string;
  image?: string;
  disabled?: boolean;
}

interface Props<T> {
  label: string;
  shown: ReactNode;
  items: readonly MenuItem<T>[];
  /** The value that is chosen, in a menu of choices. */
  value?: T;
  onPick: (value: T) => void;
  className?: string;
  look?: string;
  below?: boolean;
}

export function Menu<T>({
  label,
  shown,
  items,
  value,
  onPick,
  className = 'opt',
  look = '',
  below,
}: Props<T>) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const list = box.current?.querySelector('[role=menu]');
    const chosen = list?.querySelector<HTMLElement>('[aria-checked=true]');
    (chosen ?? list?.querySelector<HTMLElement>('[role^=menuitem]'))?.focus();
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener('pointerdown', outside);
    return () => removeEventListener('pointerdown', outside);
  }, [open]);

  const move = (event: KeyboardEvent) => {
    if (!open) return;
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: all.length - 1,
    };
    const next = to[event.key];
    if (event.key === 'Escape') {
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    } else if (event.key === 'Tab') {
      setOpen(false);
    } else if (next !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      all[(next + all.length) % all.length]?.focus();
    }
  };

  const role = value === undefined ? 'menuitem' : 'menuitemradio';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the button and the items inside
    <span className="pop" ref={box} onKeyDown={move}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <span className="sr">{label}: </span>
        {shown}
      </button>
      {open ? (
        <div
          id={id}
          className={`menu ${look} ${below ? 'below' : ''}`}
          role="menu"
          aria-label={label}
        >
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role={role}
              tabIndex={-1}
              aria-checked={value === undefined ? undefined : item.value === value}
              aria-disabled={item.disabled || undefined}
              onClick={() => {
                if (item.disabled) return;
                setOpen(false);
                button.current?.focus();
                onPick(item.value);
              }}
            >
              {item.image ? <img src={item.image} alt="" /> : null}
              {item.label}
              {item.note ? <small>{item.note}</small> : null}
            </button>
          ))}
        </div>
      ) : null}
    </span>
  );
}
