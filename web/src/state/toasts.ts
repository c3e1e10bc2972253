/** Short messages, for what can be undone and for what went wrong. */
import { create } from 'zustand';

export interface Toast {
  id: number;
  text: string;
  undo?: () => void;
}

interface Toasts {
  all: Toast[];
  add: (text: string, undo?: () => void) => void;
  drop: (id: number) => void;
}

let last = 0;

export const useToasts = create<Toasts>()((set) => ({
  all: [],
  add: (text, undo) => {
    last += 1;
    const id = last;
    set(({ all }) => ({ all: [...all.slice(-2), { id, text, ...(undo ? { undo } : {}) }] }));
    setTimeout(() => useToasts.getState().drop(id), 6000);
  },
  drop: (id) => set(({ all }) => ({ all: all.filter((one) => one.id !== id) })),
}));

/** Undo what was done last, where it can be. Says whether there was something. */
export function undoLast(): boolean {
  const { all, drop } = useToasts.getState();
  const toast = all.findLast((one) => one.undo);
  toast?.undo?.();
  if (toast) drop(toast.id);
  return toast !== undefined;
}
