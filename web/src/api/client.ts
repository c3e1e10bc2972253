/** The one way to the server: a client whose types are the committed openapi.json. */
import { QueryClient } from '@tanstack/react-query';
import createClient from 'openapi-fetch';
import type { components, paths } from './schema';

export type Video = components['schemas']['Video'];
export type VideoList = components['schemas']['VideoList'];
export type Job = components['schemas']['Job'];
export type JobList = components['schemas']['JobList'];
export type Worker = components['schemas']['Worker'];
export type Reading = components['schemas']['Reading'];
export type Word = components['schemas']['Word'];
export type Forecast = components['schemas']['Forecast'];
export type Recipe = components['schemas']['Recipe'];
export type Family = components['schemas']['Family'];
export type Played = components['schemas']['Played'];
export type Look = components['schemas']['Look'];
export type Room = components['schemas']['Storage'];

/** The base URL is that of the page; who asks is shown by a cookie that the server gives it. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  fetch: (request) => fetch(request), // looked up at each call, so that tests can stand in
});

export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, refetchOnWindowFocus: false, retry: 2 } },
});

/** What the server refuses, with the field it is about; status 0 where nobody answered. */
export class Refusal extends Error {
  readonly status: number;
  readonly param: string | null;

  constructor(status: number, message: string, param: string | null = null) {
    super(message);
    this.status = status;
    this.param = param;
  }
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer. Throws a Refusal for everything else. */
export async function take<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException) throw error; // called off by whoever asked
    throw new Refusal(0, 'No connection');
  }
  if (answer.data !== undefined && answer.response.ok) return answer.data;
  const said = (answer.error as components['schemas']['Failure'] | undefined)?.error;
  throw new Refusal(
    answer.response.status,
    said?.message ?? answer.response.statusText,
    said?.param ?? null,
  );
}

export type Variant = 'video' | 'thumbnail' | 'spritesheet';

/** Where the bytes of a finished video are. */
export function contentUrl(id: string, variant: Variant = 'video'): string {
  return `/v1/videos/${id}/content${variant === 'video' ? '' : `?variant=${variant}`}`;
}

/** Where the newest picture of a forming video is; another number is another picture. */
export function previewUrl(id: string, number: number): string {
  return `/v1/kinema/previews/${id}?n=${number}`;
}

/** Width over height of a size like 1280x720. */
export function aspect(size: string): number {
  const [width, height] = size.split('x').map(Number);
  return width && height ? width / height : 16 / 9;
}
