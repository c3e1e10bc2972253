/** What each model is and can do, as its card says. */
import { useQuery } from '@tanstack/react-query';
import { api, take } from './client';
import { KEYS } from './library';
import type { components } from './schema';

export type ModelCard = components['schemas']['ModelCard'];

export function useCards() {
  return useQuery({
    queryKey: KEYS.cards,
    queryFn: ({ signal }) => take(api.GET('/v1/kinema/models', { signal })),
    select: (list) => list.data,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
