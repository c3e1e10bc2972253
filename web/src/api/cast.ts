/** Characters and looks of the project. */
import { useQuery } from '@tanstack/react-query';
import { api, type Look, type Played, queries, take } from './client';
import { KEYS } from './library';
import type { operations } from './schema';

export type LookWords =
  operations['cast_create_look']['requestBody']['content']['application/json'];

const NOBODY: Played[] = [];
const NOTHING: Look[] = [];

export function useCast(): Played[] {
  const asked = useQuery({
    queryKey: KEYS.cast,
    queryFn: ({ signal }) => take(api.GET('/v1/kinema/characters', { signal })),
  });
  return asked.data?.data ?? NOBODY;
}

export function useLooks(): Look[] {
  const asked = useQuery({
    queryKey: KEYS.looks,
    queryFn: ({ signal }) => take(api.GET('/v1/kinema/looks', { signal })),
  });
  return asked.data?.data ?? NOTHING;
}

/** Where the clip is that a character was made from. */
export const characterUrl = (id: string) => `/v1/kinema/characters/${id}/content`;

/** Make a character of a finished clip, or of a film from elsewhere. */
export async function makeCharacter(name: string, from: string | File, looks: string) {
  const told = looks.trim() ? { looks: looks.trim() } : {};
  if (typeof from === 'string') {
    await take(api.POST('/v1/videos/characters', { body: { name, video: { id: from }, ...told } }));
  } else {
    const form = new FormData();
    form.set('name', name);
    form.set('video', from);
    if (told.looks) form.set('looks', told.looks);
    await take(
      api.POST('/v1/videos/characters', { body: form as never, bodySerializer: () => form }),
    );
  }
  await queries.invalidateQueries({ queryKey: KEYS.cast });
}

export async function describeCharacter(id: string, looks: string): Promise<void> {
  const params = { path: { character_id: id } };
  await take(api.PATCH('/v1/kinema/characters/{character_id}', { params, body: { looks } }));
  await queries.invalidateQueries({ queryKey: KEYS.cast });
}

export async function forgetCharacter(id: string): Promise<void> {
  const params = { path: { character_id: id } };
  await take(api.DELETE('/v1/kinema/characters/{character_id}', { params }));
  await queries.invalidateQueries({ queryKey: KEYS.cast });
}

/** Keep a look, in place of the one of that id where one is given. */
export async function keepLook(body: LookWords, id: string | null): Promise<Look> {
  const kept = await take(
    id === null
      ? api.POST('/v1/kinema/looks', { body })
      : api.PUT('/v1/kinema/looks/{look_id}', { params: { path: { look_id: id } }, body }),
  );
  await queries.invalidateQueries({ queryKey: KEYS.looks });
  return kept;
}

export async function forgetLook(id: string): Promise<void> {
  await take(api.DELETE('/v1/kinema/looks/{look_id}', { params: { path: { look_id: id } } }));
  await queries.invalidateQueries({ queryKey: KEYS.looks });
}
