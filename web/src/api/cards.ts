/** What each model is and can do, as its card says. */
import { useQuery } from '@tanstack/react-query';
import { api, take } from './client';
import { KEYS } from './library';

export interface ModelCard {
  name: string;
  family: string;
  summary: string;
  licence: { id: string; note?: string; [more: string]: unknown };
  tasks: Record<string, string>;
  features: string[];
  styles?: string[];
  default_seconds: string;
  default_size: { width: number; height: number };
  steps: { draft: number; standard: number; high: number };
  needs?: Record<string, unknown>;
  notes?: Record<string, string>;
}

export function useCards() {
  return useQuery({
    queryKey: KEYS.cards,
    queryFn: ({ signal }) => take(api.GET('/v1/kinema/models', { signal })),
    select: (list) => list.data as unknown as ModelCard[],
    staleTime: Number.POSITIVE_INFINITY,
  });
}
