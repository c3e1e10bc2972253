/** Storyboards on the server: documents that are changed by operations, and the films of them. */
import { useQuery } from '@tanstack/react-query';
import type { Project } from '../pages/storyboard/document';
import type { Operation } from '../pages/storyboard/edits';
import { api, queries, take } from './client';

export interface BoardFace {
  id: string;
  title: string;
  kind: string;
  version: number;
  cards: number;
  clips: string[];
  created_at: number;
  changed_at: number;
}
export interface Clip {
  clip: string | null;
  /** What to play. */
  url: string | null;
  /** Frame of it in which the card begins. */
  first: number;
  fps: string;
  frames: number;
  stale: boolean;
}
export interface TakeFace extends Clip {
  id: string;
  state: 'making' | 'ready' | 'failed';
  seed: number | null;
  origin: 'generated' | 'uploaded';
  chosen: boolean;
}
export interface CardFace extends Clip {
  state: 'missing' | 'making' | 'ready' | 'stale' | 'failed';
  /** The job on its way. */
  making: string | null;
  error: string | null;
  takes: TakeFace[];
}
export interface Board {
  id: string;
  version: number;
  title: string;
  kind: string;
  document: Project;
  can_undo: boolean;
  can_redo: boolean;
  cards: Record<string, CardFace>;
  missing: number;
}
export interface Plan {
  to_make: number;
  seconds: number | null;
  shots: {
    shot: string;
    deliverable: string;
    state: 'ready' | 'making' | 'missing';
    seconds: number | null;
    why: string | null;
  }[];
}
export interface Export {
  id: string;
  version: number;
  as: string;
  deliverable: string | null;
  state: 'waiting' | 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  progress: number;
  error: { code: string; message: string } | null;
  url: string | null;
  filename: string | null;
  bytes: number | null;
  created_at: number;
}
export interface Version {
  version: number;
  at: number;
  by: string;
  why: string;
  undoes: number | null;
  operations: Operation[];
}
export interface Script {
  kind: string;
  script: string;
  formats?: string[];
}

const KEYS = {
  boards: ['boards'] as const,
  plan: (id: string) => ['board plan', id] as const,
  exports: (id: string) => ['board exports', id] as const,
  versions: (id: string) => ['board versions', id] as const,
};

/** Who makes changes: this browser, so that each takes back what it did itself. */
export const WINDOW = (() => {
  const name = 'kinema-window';
  const known = localStorage.getItem(name) ?? crypto.randomUUID();
  localStorage.setItem(name, known);
  return known;
})();

const at = (id: string) => ({ params: { path: { storyboard_id: id } } });

export function useBoards() {
  return useQuery({
    queryKey: KEYS.boards,
    queryFn: ({ signal }) =>
      take(api.GET('/v1/kinema/storyboards', { params: { query: { limit: 100 } }, signal })),
    select: (list) => list.data as BoardFace[],
    staleTime: 0,
  });
}

export async function createBoard(what: Partial<Script> & { title?: string }): Promise<Board> {
  const made = await take(api.POST('/v1/kinema/storyboards', { body: what as never }));
  void queries.invalidateQueries({ queryKey: KEYS.boards });
  return made as unknown as Board;
}

export async function deleteBoard(id: string): Promise<void> {
  await take(api.DELETE('/v1/kinema/storyboards/{storyboard_id}', at(id)));
  void queries.invalidateQueries({ queryKey: KEYS.boards });
}

/** What a text would become; nothing is kept. */
export async function split(script: Script, signal?: AbortSignal): Promise<Project> {
  const found = await take(
    api.POST('/v1/kinema/script/split', {
      body: script as never,
      ...(signal ? { signal } : {}),
    }),
  );
  return found.document as unknown as Project;
}

export async function fetchBoard(id: string): Promise<Board> {
  return board(api.GET('/v1/kinema/storyboards/{storyboard_id}', at(id)));
}

export interface Step {
  key: string;
  how: 'edit' | 'undo' | 'redo';
  operations: Operation[];
}

/** Carry out on the server what was carried out here. */
export function sendStep(id: string, version: number, step: Step): Promise<Board> {
  const by = WINDOW;
  if (step.how !== 'edit') {
    const path = `/v1/kinema/storyboards/{storyboard_id}/${step.how}` as const;
    return board(api.POST(path, { ...at(id), body: { by } as never }));
  }
  const body = { version, key: step.key, operations: step.operations, by };
  return board(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/operations', {
      ...at(id),
      body: body as never,
    }),
  );
}

/** What would be made now, card by card. */
export function usePlan(id: string, version: number, isWanted: boolean) {
  return useQuery({
    queryKey: [...KEYS.plan(id), version],
    enabled: isWanted,
    queryFn: ({ signal }) =>
      take(api.GET('/v1/kinema/storyboards/{storyboard_id}/plan', { ...at(id), signal })),
    select: (plan) => plan as unknown as Plan,
    placeholderData: (old) => old,
    staleTime: 0,
  });
}

/** Have made what is not there, of all cards or of some. */
export function makeMissing(id: string, shots?: string[]): Promise<Board> {
  return board(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/make', {
      ...at(id),
      body: (shots ? { shots } : {}) as never,
    }),
  );
}

/** Have a card made again with another seed. */
export function retake(id: string, shot: string): Promise<Board> {
  return board(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/retake', {
      ...at(id),
      body: { shot } as never,
    }),
  );
}

/** Put a take on the line; null is what the words make. */
export function chooseTake(id: string, shot: string, chosen: string | null): Promise<Board> {
  return board(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/choose', {
      ...at(id),
      body: { shot, take: chosen, by: WINDOW } as never,
    }),
  );
}

/** Give a board a file; a film becomes the card's chosen take, a picture what it begins with. */
export async function addFile(id: string, file: File, shot: string): Promise<void> {
  const form = new FormData();
  form.set('file', file);
  form.set('shot', shot);
  await take(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/files', {
      ...at(id),
      body: form as never,
      bodySerializer: (body: unknown) => body as FormData,
    }),
  );
}

export function useVersions(id: string, version: number) {
  return useQuery({
    queryKey: [...KEYS.versions(id), version],
    queryFn: ({ signal }) =>
      take(
        api.GET('/v1/kinema/storyboards/{storyboard_id}/versions', {
          params: { path: { storyboard_id: id }, query: { limit: 100 } },
          signal,
        }),
      ),
    select: (list) => list.data as unknown as Version[],
  });
}

/** An old version, as a new step. */
export function restore(id: string, version: number): Promise<Board> {
  return board(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/restore', {
      ...at(id),
      body: { version, by: WINDOW } as never,
    }),
  );
}

export function useExports(id: string) {
  return useQuery({
    queryKey: KEYS.exports(id),
    queryFn: ({ signal }) =>
      take(api.GET('/v1/kinema/storyboards/{storyboard_id}/exports', { ...at(id), signal })),
    select: (list) => list.data as unknown as Export[],
    staleTime: 0,
  });
}

/** Ask the lists of a board again, since an event spoke of it. */
export function lookAgain(id: string): void {
  void queries.invalidateQueries({ queryKey: KEYS.exports(id) });
  void queries.invalidateQueries({ queryKey: KEYS.plan(id) });
}

export async function exportBoard(id: string, as: string, deliverable?: string): Promise<Export> {
  const made = await take(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/export', {
      ...at(id),
      body: { as, ...(deliverable ? { deliverable } : {}) } as never,
    }),
  );
  lookAgain(id);
  return made as unknown as Export;
}

export async function cancelExport(id: string, one: string): Promise<void> {
  await take(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/exports/{export_id}/cancel', {
      params: { path: { storyboard_id: id, export_id: one } },
    }),
  );
  lookAgain(id);
}

/** Take in a cut or captions that another program has changed. */
export async function importInto(
  id: string,
  file: File,
): Promise<{ board: Board; notes: string[] }> {
  const form = new FormData();
  form.set('file', file);
  const found = await take(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/import', {
      ...at(id),
      body: form as never,
      bodySerializer: (body: unknown) => body as FormData,
    }),
  );
  const notes = (found as unknown as { notes?: string[] }).notes ?? [];
  return { board: found as unknown as Board, notes };
}

async function board(asked: Promise<{ data?: unknown; error?: unknown; response: Response }>) {
  return (await take(asked)) as Board;
}
