/** Rail, notices and toasts around a page, and the keys that work on every page. */
import { type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useJobs } from '../api/queue';
import { useKeys } from '../state/keys';
import { useLive } from '../state/live';
import { usePrefs, useTheme } from '../state/prefs';
import { go, link, useRoute } from '../state/route';
import { undoLast, useToasts } from '../state/toasts';
import { useLanguage, useWords } from '../words';
import { Icon, Mark } from './Icon';
import { KeyMapOverlay } from './KeyMapOverlay';
import { Leader, SURE, useNow } from './Leader';
import { Notices } from './Notices';
import { Palette } from './Palette';
import { GO, PLACES } from './places';
import { Queue } from './Queue';

interface Props {
  has: (page: string) => boolean;
  children: ReactNode;
}

export function Shell({ has, children }: Props) {
  const say = useWords();
  const { page } = useRoute();
  const [open, setOpen] = useState<'keys' | 'palette' | 'queue' | null>(null);
  const toggle = (one: 'keys' | 'palette' | 'queue') =>
    setOpen((now) => (now === one ? null : one));
  const going = useRef(0);
  const theme = useTheme();
  const language = useLanguage();
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.lang = language;
  }, [theme, language]);
  useKeys({
    '?': () => toggle('keys'),
    'Ctrl+k': () => toggle('palette'),
    q: () => toggle('queue'),
    'Ctrl+z': () => undoLast(),
    ...(open ? { Escape: () => setOpen(null) } : {}), // else it is the page's
    g: () => {
      going.current = Date.now();
    },
  });
  useEffect(() => {
    const second = (event: KeyboardEvent) => {
      const to = GO[event.key.toLowerCase()];
      if (to && Date.now() - going.current < 1200 && !event.ctrlKey) {
        event.preventDefault();
        event.stopImmediatePropagation();
        going.current = 0;
        go(to);
      }
    };
    addEventListener('keydown', second, { capture: true });
    return () => removeEventListener('keydown', second, { capture: true });
  }, []);
  return (
    <div className="app">
      <SkipLinks />
      <nav className="rail" aria-label={say('app.rail')}>
        <a className="brand" {...link('/')}>
          <Mark />
          Kinema
        </a>
        {PLACES.filter((place) => has(place.page)).map((place) => (
          <a
            key={place.page}
            className="item"
            aria-current={page === place.page ? 'page' : undefined}
            {...link(place.to)}
          >
            <Icon name={place.icon} size={20} />
            {say(place.word)}
          </a>
        ))}
        <span className="grow" />
        <QueueButton expanded={open === 'queue'} onClick={() => toggle('queue')} />
        <a
          className="item"
          aria-current={page === 'settings' ? 'page' : undefined}
          {...link('/settings')}
        >
          <Icon name="settings" size={20} />
          {say('nav.settings')}
        </a>
        <ThemeButton />
      </nav>
      <main id="main" tabIndex={-1}>
        <Notices />
        {children}
      </main>
      {open === 'queue' ? (
        <div className="qpop">
          <Queue />
        </div>
      ) : null}
      {open === 'keys' ? <KeyMapOverlay onClose={() => setOpen(null)} /> : null}
      {open === 'palette' ? <Palette has={has} onClose={() => setOpen(null)} /> : null}
      <ToastList />
    </div>
  );
}

const SKIPS = [
  ['app.skip', '#main'],
  ['app.skipPrompt', '#prompt'],
  ['app.skipQueue', '#queue'],
] as const;

/** Props of an anchor that moves the focus and leaves the address as it is. */
function jump(href: string) {
  return {
    href,
    onClick: (event: MouseEvent) => {
      event.preventDefault();
      document.querySelector<HTMLElement>(href)?.focus();
    },
  };
}

function SkipLinks() {
  const say = useWords();
  return (
    <div className="skips">
      {SKIPS.map(([word, where]) => (
        <a key={word} className="skip" {...jump(where)}>
          {say(word)}
        </a>
      ))}
    </div>
  );
}

function QueueButton({ expanded, onClick }: { expanded: boolean; onClick: () => void }) {
  const say = useWords();
  const jobs = useJobs();
  const now = useNow();
  const first = jobs.data?.data.find((job) => job.position === 0);
  const forming = useLive((live) => (first ? live.forming[first.video.id] : undefined));
  const isSure = forming?.until && forming.percent >= SURE;
  const left = isSure
    ? Math.max(0, ((forming.until ?? now) - now) / 1000)
    : (first?.video.kinema.promised ?? null);
  useEffect(() => {
    document.title = first && left !== null ? `${Math.round(left)} s · Kinema` : 'Kinema';
  }, [first, left]);
  return (
    <button type="button" className="item" aria-expanded={expanded} onClick={onClick}>
      <Leader
        percent={first ? (forming?.percent ?? 0) : 0}
        left={first ? left : null}
        size={32}
        onPage
      />
      {say('nav.queue')}
    </button>
  );
}

function ThemeButton() {
  const say = useWords();
  const theme = useTheme();
  const setTheme = usePrefs((prefs) => prefs.setTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  const name = say(`theme.${other}`);
  return (
    <button
      type="button"
      className="item"
      aria-label={say('theme.switch', { name })}
      onClick={() => setTheme(other)}
    >
      <Icon name={other === 'light' ? 'sun' : 'moon'} size={20} />
      {name}
    </button>
  );
}

function ToastList() {
  const say = useWords();
  const { all, drop } = useToasts();
  return (
    <div className="toasts" role="status">
      {all.map((toast) => (
        <div key={toast.id} className="toast">
          {toast.text}
          {toast.undo ? (
            <button
              type="button"
              className="link"
              onClick={() => {
                toast.undo?.();
                drop(toast.id);
              }}
            >
              {say('common.undo')}
            </button>
          ) : null}
        </div>
      ))}
    </div>
  );
}
