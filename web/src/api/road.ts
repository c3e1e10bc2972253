/** The road beside the queue: live streams. */
import { useQuery } from '@tanstack/react-query';
import { api, take } from './client';
import { anySeed } from './make';
import type { components } from './schema';

export type LiveNow = components['schemas']['Live'];

/** Small enough to be drawn in real time on a small machine. */
const SIZE = '640x360';

export async function startLive(prompt: string, style: string | null): Promise<LiveNow> {
  const body = { prompt, size: SIZE, seed: anySeed(), ...(style ? { style } : {}) };
  return take(api.POST('/v1/kinema/live', { body }));
}

export function useLiveNow(id: string) {
  return useQuery({
    queryKey: ['live', id],
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      take(api.GET('/v1/kinema/live/{live_id}', { params: { path: { live_id: id } }, signal })),
  });
}

export const endedOrOpen = (live: LiveNow) => (live.state === 'ended' ? 'ended' : 'open');
