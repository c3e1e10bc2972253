/** From what a person wrote to what the server makes: reading, estimate, order. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Draft } from '../state/prefs';
import { api, type Forecast, queries, type Reading, take, type Video } from './client';
import { KEYS, upsert } from './library';

/** Fields of `POST /v1/kinema/generations` that the prompt bar and the sheets use. */
export interface Order {
  task?: string;
  prompt?: string;
  model?: string;
  size?: string;
  seconds?: number;
  quality?: string;
  style?: string;
  variations?: number;
  seed?: number;
  images?: { file_id: string; role?: string; at?: number }[];
  video?: { id: string };
  second?: { id: string };
  [more: string]: unknown;
}

export function ordered(draft: Draft): Order {
  return {
    prompt: draft.prompt.trim(),
    model: draft.model,
    size: draft.size,
    seconds: draft.seconds,
    quality: draft.quality,
    ...(draft.style ? { style: draft.style } : {}),
    ...(draft.variations > 1 ? { variations: draft.variations } : {}),
    ...(draft.pictures.length
      ? {
          task: 'image_to_video',
          images: draft.pictures.map((one) => ({
            file_id: one.id,
            role: one.role === 'at' ? 'keyframe' : one.role,
            ...(one.role === 'at' ? { at: one.at } : {}),
          })),
        }
      : {}),
  };
}

/** Have it made. Returns the videos at once; throws a Refusal that names the field. */
export async function order(what: Order): Promise<Video[]> {
  const made = await take(api.POST('/v1/kinema/generations', { body: what as never }));
  for (const video of made.data) upsert(video);
  void queries.invalidateQueries({ queryKey: KEYS.jobs });
  return made.data;
}

/** What it would take. */
export function estimated(what: Order, signal?: AbortSignal): Promise<Forecast> {
  return take(
    api.POST('/v1/kinema/estimate', { body: what as never, ...(signal ? { signal } : {}) }),
  );
}

/** How a prompt is read. */
export function explained(prompt: string, signal?: AbortSignal): Promise<Reading> {
  return take(
    api.POST('/v1/kinema/explain', {
      body: { prompt } as never,
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
    body: form as never,
    bodySerializer: (body: unknown) => body as FormData,
  });
  return (await take(asked)).id;
}
