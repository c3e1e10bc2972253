/** The queue and those who work on it. */
import { useQuery } from '@tanstack/react-query';
import { api, queries, take, type Video } from './client';
import { KEYS, remove, upsert } from './library';

export function useJobs() {
  return useQuery({
    queryKey: KEYS.jobs,
    queryFn: ({ signal }) => take(api.GET('/v1/kinema/jobs', { signal })),
  });
}

export function useWorkers() {
  return useQuery({
    queryKey: KEYS.workers,
    queryFn: ({ signal }) => take(api.GET('/v1/kinema/workers', { signal })),
    refetchInterval: 10_000,
  });
}

export type Steer = 'cancel' | 'pause' | 'resume';

export async function steer(id: string, how: Steer): Promise<void> {
  const params = { params: { path: { video_id: id } } };
  const paths = {
    cancel: () => api.POST('/v1/kinema/jobs/{video_id}/cancel', params),
    pause: () => api.POST('/v1/kinema/jobs/{video_id}/pause', params),
    resume: () => api.POST('/v1/kinema/jobs/{video_id}/resume', params),
  };
  upsert(await take(paths[how]()));
  await queries.invalidateQueries({ queryKey: KEYS.jobs });
}

/** Let a job come before another, or as the next of all. */
export async function move(id: string, before: string | null): Promise<void> {
  const asked = api.POST('/v1/kinema/jobs/{video_id}/move', {
    params: { path: { video_id: id } },
    body: before === null ? {} : { before },
  });
  upsert(await take(asked));
  await queries.invalidateQueries({ queryKey: KEYS.jobs });
}

interface Retry {
  size?: string;
  /** The old one stays in the library. */
  keep?: boolean;
}

/** Make once more, with the same seed, what failed, was cancelled or has expired. */
export async function retry(id: string, { size, keep = false }: Retry = {}): Promise<Video> {
  const params = { path: { video_id: id } };
  const body = size ? { size } : {};
  const made = await take(api.POST('/v1/kinema/jobs/{video_id}/again', { params, body }));
  upsert(made);
  if (!keep) {
    await take(api.DELETE('/v1/videos/{video_id}', { params }));
    remove(id);
  }
  await queries.invalidateQueries({ queryKey: KEYS.jobs });
  return made;
}
