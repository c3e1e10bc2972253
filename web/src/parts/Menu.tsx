/** A button with a menu: arrows move, Enter takes, Escape and a click elsewhere close. */
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Icon, type IconName } from './Icon';

export interface MenuItem<T> {
  value: T;
  label: string;
  note?: string;
  image?: string;
  icon?: IconName;
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
  const menu = useRef<HTMLDivElement>(null);
  const id = useId();

  useLayoutEffect(() => {
    if (open && menu.current && button.current) place(menu.current, button.current, below ?? false);
  }, [open, below]);

  useEffect(() => {
    if (!open) return;
    const list = menu.current;
    const chosen = list?.querySelector<HTMLElement>('[aria-checked=true]');
    (chosen ?? list?.querySelector<HTMLElement>('[role^=menuitem]'))?.focus();
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const away = (event: Event) => {
      if (!(event.target instanceof Node && list?.contains(event.target))) setOpen(false);
    };
    addEventListener('pointerdown', outside);
    addEventListener('scroll', away, { capture: true, passive: true });
    addEventListener('resize', away);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('scroll', away, { capture: true });
      removeEventListener('resize', away);
    };
  }, [open]);

  const move = (event: KeyboardEvent) => {
    if (!open) return;
    const all = [...(menu.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
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
          ref={menu}
          id={id}
          popover="manual"
          className={`menu ${look}`}
          role="menu"
          aria-label={label}
        >
          {items.map((item, at) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: labels may be the same
              key={at}
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
              {item.icon ? <Icon name={item.icon} size={16} /> : null}
              {item.label}
              {item.note ? <small>{item.note}</small> : null}
            </button>
          ))}
        </div>
      ) : null}
    </span>
  );
}

const APART = 6;
const EDGE = 8;

/** Show the menu over everything, beside its button, where there is room for it. */
function place(menu: HTMLElement, button: HTMLElement, below: boolean): void {
  menu.showPopover();
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const room = below ? innerHeight - at.bottom - APART : at.top - APART;
  const isRoom = height <= room - EDGE;
  const goesDown = below ? isRoom : !isRoom;
  const top = goesDown ? at.bottom + APART : at.top - APART - height;
  const isRight = document.documentElement.dir === 'rtl' || at.left + width > innerWidth - EDGE;
  const left = isRight ? at.right - width : at.left;
  menu.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  menu.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`;
}
