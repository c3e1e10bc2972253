/** How far each forming clip is, as the stream says it; lists say the rest. */
import { create } from 'zustand';

export interface Forming {
  percent: number;
  phase: string;
  /** When it will be done, in milliseconds of Date.now(); null where nobody knows. */
  until: number | null;
  /** Number of the newest preview, 0 where there is none. */
  preview: number;
}

interface Live {
  online: boolean;
  /** The server asks for a key. */
  locked: boolean;
  forming: Record<string, Forming>;
  hidden: Record<string, true>;
  fresh: Record<string, true>;
  setOnline: (online: boolean, locked?: boolean) => void;
  progress: (id: string, change: Partial<Forming>) => void;
  forget: (id: string) => void;
  hide: (id: string, hidden: boolean) => void;
  arrive: (id: string) => void;
}

const NOTHING: Forming = { percent: 0, phase: '', until: null, preview: 0 };

export const useLive = create<Live>()((set) => ({
  online: true,
  locked: false,
  forming: {},
  hidden: {},
  fresh: {},
  setOnline: (online, locked = false) => set({ online, locked }),
  progress: (id, change) =>
    set(({ forming }) => ({
      forming: { ...forming, [id]: { ...(forming[id] ?? NOTHING), ...change } },
    })),
  forget: (id) => set(({ forming }) => ({ forming: without(forming, id) })),
  hide: (id, hidden) =>
    set((now) => ({ hidden: hidden ? { ...now.hidden, [id]: true } : without(now.hidden, id) })),
  arrive: (id) => set(({ fresh }) => ({ fresh: { ...fresh, [id]: true } })),
}));

function without<T>(all: Record<string, T>, id: string): Record<string, T> {
  const rest = { ...all };
  delete rest[id];
  return rest;
}
