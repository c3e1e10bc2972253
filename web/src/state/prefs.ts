/** What this browser remembers: the look, the language, and the prompt that is being written. */
import { create } from 'zustand';
import { type PersistStorage, persist } from 'zustand/middleware';

export type Theme = 'dark' | 'light';

export interface Picture {
  id: string;
  name: string;
  role: 'first' | 'last' | 'at';
  at: number;
}

export interface Draft {
  prompt: string;
  model: string;
  size: string;
  seconds: number;
  quality: 'draft' | 'standard' | 'high';
  style: string | null;
  /** A look of one's own, by its id. */
  look: string | null;
  variations: number;
  pictures: Picture[];
  /** A clip of the library that is to be changed. */
  clip: string | null;
}

export const EMPTY: Draft = {
  prompt: '',
  model: 'animatic',
  size: '1280x720',
  seconds: 4,
  quality: 'standard',
  style: null,
  look: null,
  variations: 1,
  pictures: [],
  clip: null,
};

interface Prefs {
  theme: Theme | null;
  language: string | null;
  rowHeight: number;
  letters: boolean;
  captions: boolean;
  draft: Draft;
  /** Prompts that were sent or put aside, newest first. */
  history: Draft[];
  setTheme: (theme: Theme) => void;
  setLanguage: (language: string) => void;
  setRowHeight: (rowHeight: number) => void;
  setLetters: (letters: boolean) => void;
  setCaptions: (captions: boolean) => void;
  write: (change: Partial<Draft>) => void;
  /** Put what is being written aside, and write something else. Nothing is lost. */
  open: (change: Partial<Draft>) => void;
  remember: (draft: Draft) => void;
}

const HISTORY = 30;
type Kept = Omit<Prefs, `set${string}` | 'write' | 'open' | 'remember'>;

/** The prompt belongs to its tab, the rest to the browser; a new tab begins with the newest. */
const split: PersistStorage<Kept> = {
  getItem: (name) => {
    const shared = read<Omit<Kept, 'draft'>>(localStorage, name);
    const draft = read<Draft>(sessionStorage, `${name}-draft`);
    const newest = read<Draft>(localStorage, `${name}-draft`);
    if (!shared && !draft && !newest) return null;
    return { version: 2, state: { ...shared, draft: { ...EMPTY, ...(draft ?? newest) } } as Kept };
  },
  setItem: (name, { state: { draft, ...shared } }) => {
    if (!isSame(written, shared)) localStorage.setItem(name, JSON.stringify(shared));
    written = shared;
    sessionStorage.setItem(`${name}-draft`, JSON.stringify(draft));
    localStorage.setItem(`${name}-draft`, JSON.stringify(draft));
  },
  removeItem: (name) => localStorage.removeItem(name),
};

let written: object | null = null;

/** Whether nothing but the prompt has changed, which it does with every key. */
function isSame(before: object | null, now: object): boolean {
  const then = new Map(Object.entries(before ?? {}));
  return before !== null && Object.entries(now).every(([name, value]) => then.get(name) === value);
}

function read<T>(from: Storage, name: string): T | null {
  try {
    return JSON.parse(from.getItem(name) ?? 'null') as T | null;
  } catch {
    return null; // somebody else wrote there
  }
}

function aside(history: Draft[], draft: Draft): Draft[] {
  if (!draft.prompt.trim()) return history;
  return [draft, ...history.filter((one) => one.prompt !== draft.prompt)].slice(0, HISTORY);
}

export const usePrefs = create<Prefs>()(
  persist(
    (set) => ({
      theme: null,
      language: null,
      rowHeight: 190,
      letters: true,
      captions: true,
      draft: EMPTY,
      history: [],
      setTheme: (theme) => set({ theme }),
      setLanguage: (language) => set({ language }),
      setRowHeight: (rowHeight) => set({ rowHeight }),
      setLetters: (letters) => set({ letters }),
      setCaptions: (captions) => set({ captions }),
      write: (change) => set((now) => ({ draft: { ...now.draft, ...change } })),
      open: (change) =>
        set(({ draft, history }) => ({
          draft: { ...draft, ...change },
          history: aside(history, draft),
        })),
      remember: (draft) => set(({ history }) => ({ history: aside(history, draft) })),
    }),
    { name: 'kinema', version: 2, storage: split },
  ),
);

/** Take over what another tab has set; the prompt stays this tab's own. */
export function followOtherTabs(): void {
  addEventListener('storage', ({ key }) => {
    const shared = key === 'kinema' ? read<Omit<Kept, 'draft'>>(localStorage, key) : null;
    if (shared) usePrefs.setState(shared);
  });
}

/** The theme that is shown: the chosen one, else what the system prefers. */
export function useTheme(): Theme {
  const chosen = usePrefs((prefs) => prefs.theme);
  return chosen ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark');
}

/** Whether the person wants things to hold still. */
export const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
