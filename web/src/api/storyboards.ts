/** Storyboards on the server: documents that are changed by operations, and the films of them. */
import { useQuery } from '@tanstack/react-query';
import type { Project } from '../pages/storyboard/document';
import type { Operation } from '../pages/storyboard/edits';
import { api, queries, Refusal, take } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];
export type BoardFace = Schemas['BoardFace'];
export type CardFace = Schemas['CardFace'];
export type TakeFace = Schemas['TakeFace'];
export type Export = Schemas['Export'];
export type Version = Schemas['Version'];
export type Board = Omit<Schemas['Board'], 'document' | 'object'> & { document: Project };
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

/** Who makes changes: this window, so that each takes back what it did itself, after a reload too. */
export const WINDOW = (() => {
  const name = 'kinema-window';
  const known = sessionStorage.getItem(name) ?? crypto.randomUUID();
  sessionStorage.setItem(name, known);
  return known;
})();

const at = (id: string) => ({ params: { path: { storyboard_id: id } } });

export function useBoards() {
  return useQuery({
    queryKey: KEYS.boards,
    queryFn: ({ signal }) =>
      take(api.GET('/v1/kinema/storyboards', { params: { query: { limit: 100 } }, signal })),
    select: (list) => list.data,
    staleTime: 0,
  });
}

export async function createBoard(what: Partial<Script> & { title?: string }): Promise<Board> {
  const made = await board(api.POST('/v1/kinema/storyboards', { body: what as never }));
  void queries.invalidateQueries({ queryKey: KEYS.boards });
  return made;
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
  /** The version that it was made on, so that nobody's change is written over unseen. */
  on: number;
  operations: Operation[];
}

/** Carry out on the server what was carried out here. */
export async function sendStep(id: string, { key, how, on, operations }: Step): Promise<Board> {
  if (how !== 'edit') return turnBack(id, how);
  const body = { version: on, key, operations, by: WINDOW };
  return board(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/operations', {
      ...at(id),
      body: body as never,
    }),
  );
}

/** Take back what this window did last; where it did nothing, what anybody did last. */
async function turnBack(id: string, how: 'undo' | 'redo'): Promise<Board> {
  const path = `/v1/kinema/storyboards/{storyboard_id}/${how}` as const;
  const by = (body: { by?: string }) => board(api.POST(path, { ...at(id), body: body as never }));
  try {
    return await by({ by: WINDOW });
  } catch (error) {
    if (error instanceof Refusal && error.status === 400) return by({});
    throw error;
  }
}

/** What would be made now, card by card. */
export function usePlan(id: string, version: number, isWanted: boolean) {
  return useQuery({
    queryKey: [...KEYS.plan(id), version],
    enabled: isWanted,
    queryFn: ({ signal }) =>
      take(api.GET('/v1/kinema/storyboards/{storyboard_id}/plan', { ...at(id), signal })),
    placeholderData: (old) => old,
    staleTime: 0,
  });
}

/** Lay the cards out anew from a script, with what was edited since on top. */
export async function anew(id: string, version: number, script: Script) {
  const found = await take(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/script', {
      ...at(id),
      body: { ...script, version, by: WINDOW } as never,
    }),
  );
  return { board: found as unknown as Board, lost: found.orphans.length };
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

/** Give a card a file: a film becomes its chosen take, a picture is what it begins with. */
export async function addFile(id: string, shot: string, file: File): Promise<void> {
  const form = new FormData();
  form.set('file', file);
  form.set('shot', shot);
  form.set('by', WINDOW);
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
    select: (list) => list.data,
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
    select: (list) => list.data,
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
  return made;
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
  form.set('by', WINDOW);
  const found = await take(
    api.POST('/v1/kinema/storyboards/{storyboard_id}/import', {
      ...at(id),
      body: form as never,
      bodySerializer: (body: unknown) => body as FormData,
    }),
  );
  return { board: found as unknown as Board, notes: found.notes };
}

async function board(asked: Promise<{ data?: unknown; error?: unknown; response: Response }>) {
  return (await take(asked)) as Board;
}
