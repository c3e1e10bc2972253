/**
 * The storyboard that is open: what the server has, what was done here since, and what both make
 * together. Every change is seen at once and sent in the order in which it was done; what waits is
 * kept in the browser until the server has it.
 */
import { create } from 'zustand';
import { Refusal } from '../../api/client';
import type { ServerEvent } from '../../api/events';
import { type Board, fetchBoard, lookAgain, type Step, sendStep } from '../../api/storyboards';
import { useToasts } from '../../state/toasts';
import { type Cut, solve } from './cut';
import { baseLanguage, languagesOf, type Project } from './document';
import { edit, inverse, type Operation } from './edits';

export type Pane = 'card' | 'script' | 'captions';

/** What takes an undo back; the server knows nothing of one whose step was never sent. */
interface TakenBack {
  operations: Operation[];
  isSent: boolean;
}

interface State {
  id: string | null;
  /** As the server had it last. */
  base: Board | null;
  waiting: Step[];
  /** What this window did and took back, so that undo is seen at once; the server knows more. */
  done: Operation[][];
  undone: TakenBack[];
  /** An unfinished gesture, such as an edge that is being dragged. */
  trial: Operation[] | null;
  project: Project | null;
  cut: Cut | null;
  chosen: string | null;
  language: string;
  pane: Pane;
  /** The line whose caption wants to be written. */
  wanted: string | null;
  /** A change of this window that the server refused, because somebody else was faster. */
  refused: { reason: string; operations: Operation[] } | null;
  /** Why nothing can be shown. */
  problem: string | null;
}

interface Acts {
  open: (id: string) => Promise<void>;
  close: () => void;
  act: (operations: Operation[]) => void;
  tryOut: (operations: Operation[] | null) => void;
  settle: () => void;
  undo: () => void;
  redo: () => void;
  refresh: () => Promise<void>;
  /** Take a board that the server answered with. */
  take: (board: Board) => void;
  /** Hear of something that happened on the server. */
  heard: (event: ServerEvent) => void;
  choose: (item: string | null) => void;
  speak: (language: string) => void;
  show: (pane: Pane, line?: string) => void;
  /** Let go of a refused change, or do it all the same. */
  decide: (mine: boolean) => void;
}

const NOTHING: State = {
  id: null,
  base: null,
  waiting: [],
  done: [],
  undone: [],
  trial: null,
  project: null,
  cut: null,
  chosen: null,
  language: 'en',
  pane: 'card',
  wanted: null,
  refused: null,
  problem: null,
};
const UNDO = 500;
const AGAIN = 1500;
const kept = (id: string) => `kinema-board:${id}`;

function recall(id: string): Step[] {
  try {
    return JSON.parse(localStorage.getItem(kept(id)) ?? '[]') as Step[];
  } catch {
    return [];
  }
}

function keep(id: string, waiting: Step[]): void {
  if (waiting.length) localStorage.setItem(kept(id), JSON.stringify(waiting));
  else localStorage.removeItem(kept(id));
}

/** The server's document with what was done here on top; a step that no longer fits is passed over. */
function together(base: Project, waiting: readonly Step[]): Project {
  let project = base;
  for (const { operations } of waiting) {
    try {
      const next = edit(project, operations).project;
      solved(next);
      project = next;
    } catch {
      // Somebody else took away what it changes; the server says so when it gets it.
    }
  }
  return project;
}

/** The cut of a document, with no frames where it has no cards yet. */
function solved(project: Project, language = baseLanguage(project)): Cut {
  return solve(project, languagesOf(project).includes(language) ? language : undefined);
}

export const useBoard = create<State & Acts>()((set, get) => {
  let sending = false;
  /** The step that was sent last, whether or not an answer came. */
  let tried = '';
  let again: ReturnType<typeof setTimeout> | undefined;

  const show = (project: Project, more: Partial<State> = {}) =>
    set({ ...more, project, cut: solved(project, more.language ?? get().language) });

  /** Take what the server has now, and put what waits on top. */
  const rebase = (base: Board, waiting = get().waiting) => {
    const { id, base: before, trial } = get();
    if (!id || id !== base.id) return;
    // An answer that was overtaken by a later one says nothing new.
    const newest = before && before.version > base.version ? before : base;
    keep(id, waiting);
    let project = together(newest.document, waiting);
    if (trial) project = together(project, [{ key: '', how: 'edit', on: 0, operations: trial }]);
    show(project, { base: newest, waiting, problem: null });
  };

  /** Send what waits, one step after the other. */
  const flush = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    clearTimeout(again);
    try {
      for (;;) {
        const { id, base, waiting } = get();
        const [first] = waiting;
        if (!id || !base || !first) return;
        let next: Board;
        tried = first.key;
        try {
          next = await sendStep(id, first);
        } catch (error) {
          if (!(error instanceof Refusal) || error.status === 0 || error.status >= 500) throw error;
          if (first.how === 'edit')
            set({ refused: { reason: error.message, operations: first.operations } });
          else useToasts.getState().add(error.message);
          next = await fetchBoard(id);
        }
        if (get().id === id) rebase(next, get().waiting.slice(1));
        else
          keep(
            id,
            recall(id).filter((step) => step.key !== first.key),
          );
      }
    } catch {
      again = setTimeout(() => void flush(), AGAIN); // nobody answers: what waits is kept
    } finally {
      sending = false;
    }
  };

  const enqueue = (operations: Operation[], how: Step['how'] = 'edit'): Operation[] | null => {
    const { project, base, waiting, id } = get();
    if (!project || !base || !id) return null;
    try {
      const next = edit(together(base.document, waiting), operations);
      const steps = [...waiting, { key: crypto.randomUUID(), how, on: base.version, operations }];
      show(next.project, { waiting: steps, trial: null });
      keep(id, steps);
      void flush();
      return next.done;
    } catch (error) {
      show(together(base.document, waiting), { trial: null });
      useToasts.getState().add((error as Error).message);
      return null;
    }
  };

  /** Undo, seen at once where this window did it, else when the server has done it. */
  const undo = () => {
    const { base, done, waiting, id, project } = get();
    const last = done.at(-1);
    if (!id || !base || !project || !(last || base.can_undo)) return;
    const step = waiting.at(-1);
    const isUnsent = step?.how === 'edit' && step.key !== tried;
    let back: Operation[] | null;
    if (last && isUnsent) {
      back = [...last].reverse().map(inverse);
      const rest = waiting.slice(0, -1);
      keep(id, rest);
      show(together(base.document, rest), { waiting: rest, trial: null });
    } else back = enqueue(last ? [...last].reverse().map(inverse) : [], 'undo');
    if (!last) return;
    set({ done: done.slice(0, -1) });
    if (back) set({ undone: [...get().undone, { operations: back, isSent: !isUnsent }] });
  };

  const redo = () => {
    const { base, undone } = get();
    const last = undone.at(-1);
    if (!last && !base?.can_redo) return;
    const again = last ? [...last.operations].reverse().map(inverse) : [];
    const done = enqueue(again, last && !last.isSent ? 'edit' : 'redo');
    if (!last) return;
    set({ undone: undone.slice(0, -1) });
    if (done) set({ done: [...get().done, done] });
  };

  return {
    ...NOTHING,
    open: async (id) => {
      set({ ...NOTHING, id, waiting: recall(id) });
      try {
        const base = await fetchBoard(id);
        if (get().id !== id) return;
        set({ language: baseLanguage(base.document) });
        rebase(base);
        void flush();
      } catch (error) {
        if (get().id === id) set({ problem: (error as Error).message });
      }
    },
    close: () => set(NOTHING),
    act: (operations) => {
      const done = operations.length ? enqueue(operations) : null;
      if (done) set((now) => ({ done: [...now.done.slice(-UNDO), done], undone: [] }));
    },
    tryOut: (operations) => {
      const { base, waiting } = get();
      if (!base) return;
      const project = together(base.document, waiting);
      try {
        show(operations ? edit(project, operations).project : project, { trial: operations });
      } catch {
        show(project, { trial: null });
      }
    },
    settle: () => {
      const { trial, act } = get();
      if (trial) act(trial);
    },
    undo,
    redo,
    refresh: async () => {
      const { id } = get();
      if (!id) return;
      try {
        rebase(await fetchBoard(id));
        void flush();
      } catch {
        // What is known stays on the screen; the notice says that nobody answers.
      }
    },
    take: (board) => {
      set({ done: [], undone: [] }); // what comes next to be undone, the server knows
      rebase(board);
    },
    heard: ({ type, id: about, data }) => {
      const { id, base, refresh } = get();
      if (!id || !base) return;
      if (type === 'online' || type === 'reset') return void refresh();
      if (about === id) {
        lookAgain(id);
        const isOld = type === 'storyboard.changed' && Number(data.version) <= base.version;
        if (!isOld && type !== 'export.changed') void refresh();
        return;
      }
      const ends = type === 'job.completed' || type === 'job.failed' || type === 'job.cancelled';
      const makes = Object.values(base.cards).some(
        (card) => card.making === about || card.takes.some((take) => take.clip === about),
      );
      if (ends && makes) void refresh();
    },
    choose: (chosen) => set({ chosen }),
    speak: (language) => {
      const { project } = get();
      set({ language });
      if (project) show(project, { language });
    },
    show: (pane, line) => set({ pane, wanted: line ?? null }),
    decide: (mine) => {
      const { refused, act } = get();
      set({ refused: null });
      if (mine && refused) act(refused.operations);
    },
  };
});
