/** How much room the project's videos take, and how it is got back. */
import { useQuery } from '@tanstack/react-query';
import { api, queries, take } from './client';
import { KEYS } from './library';

export function useStorage() {
  return useQuery({
    queryKey: KEYS.storage,
    queryFn: ({ signal }) => take(api.GET('/v1/kinema/storage', { signal })),
  });
}

/** Delete drafts or what failed, but no favourites, until there are no more. */
export async function cleanUp(
  what: 'drafts' | 'failed',
  days: number,
): Promise<{ videos: number; bytes: number }> {
  const gone = { videos: 0, bytes: 0 };
  for (let more = true; more; ) {
    const said = await take(
      api.POST('/v1/kinema/storage/clean', { body: { what, ...(days ? { days } : {}) } }),
    );
    gone.videos += said.videos;
    gone.bytes += said.bytes;
    more = said.more && said.videos > 0;
  }
  await queries.invalidateQueries();
  return gone;
}
