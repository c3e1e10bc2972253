/** What this browser remembers: the look, the language, and the prompt that is being written. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

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
  variations: number;
  pictures: Picture[];
}

export const EMPTY: Draft = {
  prompt: '',
  model: 'animatic',
  size: '1280x720',
  seconds: 4,
  quality: 'standard',
  style: null,
  variations: 1,
  pictures: [],
};

interface Prefs {
  theme: Theme | null;
  language: string | null;
  rowHeight: number;
  letters: boolean;
  draft: Draft;
  setTheme: (theme: Theme) => void;
  setLanguage: (language: string) => void;
  setRowHeight: (rowHeight: number) => void;
  setLetters: (letters: boolean) => void;
  write: (change: Partial<Draft>) => void;
}

export const usePrefs = create<Prefs>()(
  persist(
    (set) => ({
      theme: null,
      language: null,
      rowHeight: 190,
      letters: true,
      draft: EMPTY,
      setTheme: (theme) => set({ theme }),
      setLanguage: (language) => set({ language }),
      setRowHeight: (rowHeight) => set({ rowHeight }),
      setLetters: (letters) => set({ letters }),
      write: (change) => set((now) => ({ draft: { ...now.draft, ...change } })),
    }),
    { name: 'kinema', version: 1 },
  ),
);

/** The theme that is shown: the chosen one, else what the system prefers. */
export function useTheme(): Theme {
  const chosen = usePrefs((prefs) => prefs.theme);
  return chosen ?? (matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark');
}

/** Whether the person wants things to hold still. */
export const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
