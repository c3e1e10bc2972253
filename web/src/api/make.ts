/** From what a person wrote to what the server makes: reading, estimate, order. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Draft } from '../state/prefs';
import {
  api,
  type Forecast,
  type Look,
  type Played,
  queries,
  type Reading,
  take,
  type Video,
} from './client';
import { KEYS, upsert } from './library';
import type { operations } from './schema';

/** A body of `POST /v1/kinema/generations`. */
export type Order = NonNullable<
  operations['generations_create']['requestBody']
>['content']['application/json'];

/** What stands in the bar, as an order: with a look's words, and the characters that it names. */
export function ordered(draft: Draft, looks: readonly Look[], cast: readonly Played[]): Order {
  const look = looks.find((one) => one.id === draft.look);
  const style = look ? look.style : draft.style;
  const prompt = draft.prompt.trim();
  const words = look?.words.trim();
  const named = cast.filter((one) => holds(prompt, one.name)).slice(0, 8);
  const extras = {
    ...(look?.negative_prompt ? { negative_prompt: look.negative_prompt } : {}),
    ...(style ? { style } : {}),
    ...(draft.variations > 1 ? { variations: draft.variations } : {}),
    ...(named.length ? { characters: named.map(({ id }) => ({ id })) } : {}),
  };
  const whole = words && prompt ? `${prompt}, ${words}` : prompt;
  if (draft.clip) {
    return {
      task: 'edit',
      video: { id: draft.clip },
      prompt: whole,
      quality: draft.quality,
      ...extras,
    };
  }
  const images = draft.pictures.map(({ id, role, at }) => ({
    file_id: id,
    role: role === 'at' ? ('key' as const) : role,
    ...(role === 'at' ? { at } : {}),
  }));
  return {
    prompt: whole,
    model: draft.model,
    size: draft.size,
    seconds: draft.seconds,
    quality: draft.quality,
    ...extras,
    ...(images.length ? { task: 'image_to_video' as const, images } : {}),
  };
}

/** Whether a prompt holds a name, as the server looks for it: as a word, letter for letter. */
export function holds(prompt: string, name: string): boolean {
  const plain = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_])${plain}(?![\\p{L}\\p{N}_])`, 'u').test(prompt);
}

/** A seed that nobody has chosen. */
export const anySeed = () => Math.floor(Math.random() * 2 ** 31);

/**
 * Have it made. Returns the videos at once; throws a Refusal that names the field. `again` says
 * that it may have been sent before; the server then makes it no second time.
 */
export async function order(what: Order, { again = false } = {}): Promise<Video[]> {
  const made = await take(
    api.POST('/v1/kinema/generations', {
      body: what,
      headers: again ? { 'x-stainless-retry-count': '1' } : {},
    }),
  );
  for (const video of made.data) upsert(video);
  void queries.invalidateQueries({ queryKey: KEYS.jobs });
  return made.data;
}

/** Have finished clips made again with their seeds, at final quality and in another size. */
export async function finish(ids: readonly string[], size: string): Promise<Video[]> {
  const videos = ids.map((id) => ({ id }));
  const made = await take(api.POST('/v1/kinema/finish', { body: { videos, size } }));
  for (const video of made.data) upsert(video);
  void queries.invalidateQueries({ queryKey: KEYS.jobs });
  return made.data;
}

/** Have a film from elsewhere changed; one that was made here is known again. */
export async function editFilm(file: File, what: Order): Promise<Video> {
  const form = new FormData();
  form.set('video', file);
  for (const name of ['prompt', 'seed', 'quality', 'style', 'negative_prompt'] as const) {
    if (what[name] !== undefined) form.set(name, String(what[name]));
  }
  const asked = api.POST('/v1/videos/edits', { body: form as never, bodySerializer: () => form });
  const made = await take(asked);
  upsert(made);
  void queries.invalidateQueries({ queryKey: KEYS.jobs });
  return made;
}

/** What it would take. */
export function estimated(what: Order, signal?: AbortSignal): Promise<Forecast> {
  return take(api.POST('/v1/kinema/estimate', { body: what, ...(signal ? { signal } : {}) }));
}

/** How a prompt is read. */
export function explained(prompt: string, signal?: AbortSignal): Promise<Reading> {
  return take(
    api.POST('/v1/kinema/explain', {
      body: { prompt },
      ...(signal ? { signal } : {}),
    }),
  );
}

/** A value that has not changed for some milliseconds. */
export function useSettled<T>(value: T, wait: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), wait);
    return () => clearTimeout(timer);
  }, [value, wait]);
  return settled;
}

/** The reading of the prompt as it is typed. */
export function useReading(prompt: string) {
  const settled = useSettled(prompt, 150);
  return useQuery({
    queryKey: ['reading', settled],
    enabled: settled.trim() !== '',
    queryFn: ({ signal }) => explained(settled, signal),
    placeholderData: (old) => old,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The estimate of what stands in the bar. */
export function useEstimate(what: Order | null) {
  const settled = useSettled(what ? JSON.stringify(what) : '', 250);
  return useQuery({
    queryKey: ['estimate', settled],
    enabled: settled !== '',
    queryFn: ({ signal }) => estimated(JSON.parse(settled) as Order, signal),
    placeholderData: (old) => old,
    retry: false,
  });
}

/** Upload a picture; returns its file id. */
export async function uploadPicture(file: File): Promise<string> {
  const form = new FormData();
  form.set('file', file);
  form.set('purpose', 'vision');
  const asked = api.POST('/v1/files', {
    body: form as never, // its type knows files as texts
    bodySerializer: () => form,
  });
  return (await take(asked)).id;
}
