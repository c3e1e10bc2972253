/** What belongs to one clip: what it was made from, its kin, and glances at what it could become. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, queries, type Recipe, Refusal, take, type Video, type Word } from './client';
import { onEvent } from './events';
import { type Order, useSettled } from './make';

export function useRecipe(video: Video) {
  return useQuery({
    queryKey: ['recipe', video.id, video.status],
    queryFn: ({ signal }) =>
      take(
        api.GET('/v1/kinema/clips/{video_id}/recipe', {
          params: { path: { video_id: video.id } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The body that makes the clip again, null where something it was made from has no id. */
export const orderOf = (recipe: Recipe) => recipe.order as Order | null;

/** How the words of the prompt were read, empty where the model reads none. */
export function wordsOf(recipe: Recipe | undefined): readonly Word[] {
  return (recipe?.reading?.words as Word[] | undefined) ?? [];
}

/** A number that came as "24" or "30000/1001". */
export function fraction(text: unknown, usual: number): number {
  const [over = '', under = '1'] = String(text ?? '').split('/');
  const value = Number(over) / Number(under);
  return over && Number.isFinite(value) ? value : usual;
}

export const fpsOf = (recipe: Recipe | undefined) => fraction(recipe?.request.fps, 24);

/** Those that the clip comes from and those that come from it, oldest first. */
export function useFamily(id: string) {
  useEffect(
    () =>
      onEvent(({ type }) => {
        if (!/^clip\.|^job\.(completed|failed|cancelled)/.test(type)) return;
        void queries.invalidateQueries({ queryKey: ['family'] });
      }),
    [],
  );
  return useQuery({
    queryKey: ['family', id],
    queryFn: ({ signal }) =>
      take(
        api.GET('/v1/kinema/clips/{video_id}/family', {
          params: { path: { video_id: id } },
          signal,
        }),
      ),
    select: (list) => list.data,
  });
}

export interface Sketch {
  /** Where the picture is, null before there is one. */
  shown: string | null;
  /** Why the model cannot make what is asked. */
  refusal: Refusal | null;
}

/** One frame of what an order would make. */
export function useSketch(what: Order | null, at: number): Sketch {
  const settled = useSettled(what ? JSON.stringify([what, at]) : '', 350);
  const [shown, setShown] = useState<string | null>(null);
  const asked = useQuery({
    queryKey: ['sketch', settled],
    enabled: settled !== '',
    retry: false,
    gcTime: 60_000,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => {
      const [body, moment] = JSON.parse(settled) as [Order, number];
      const params = { query: { at: moment } };
      return take(api.POST('/v1/kinema/sketch', { body, params, parseAs: 'blob', signal }));
    },
  });
  const picture = settled === '' || asked.error ? null : asked.data;
  useEffect(() => {
    if (picture === null) setShown(null);
    if (!picture) return; // the old one stays until there is another
    const address = URL.createObjectURL(picture as unknown as Blob);
    setShown(address);
    return () => URL.revokeObjectURL(address);
  }, [picture]);
  const { error } = asked;
  const refused = settled !== '' && error instanceof Refusal && error.status === 400;
  return { shown, refusal: refused ? error : null };
}
