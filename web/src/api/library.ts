/** The library: asked for once, then kept as the events say. */
import { type InfiniteData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useLive } from '../state/live';
import { api, queries, Refusal, take, type Video, type VideoList } from './client';
import type { operations } from './schema';

const PAGE = 100;
type Pages = InfiniteData<VideoList, string | undefined>;

/** What a search asks for; nothing is the whole library. */
export type Sought = Omit<
  NonNullable<operations['library_search']['parameters']['query']>,
  'limit' | 'after'
>;

export const KEYS = {
  videos: ['videos'] as const,
  all: ['videos', '{}'] as const,
  sought: (what: Sought) => ['videos', JSON.stringify(what)] as const,
  video: (id: string) => ['video', id] as const,
  jobs: ['jobs'] as const,
  workers: ['workers'] as const,
  cards: ['cards'] as const,
  names: ['names'] as const,
  cast: ['cast'] as const,
  looks: ['looks'] as const,
  storage: ['storage'] as const,
  disk: ['disk'] as const,
};

/** The videos of which all of this is true, newest first, page by page. */
export function useVideos(sought: Sought = {}, enabled = true) {
  const isAll = Object.keys(sought).length === 0;
  const asked = useInfiniteQuery({
    queryKey: KEYS.sought(sought),
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: PAGE, ...(pageParam ? { after: pageParam } : {}) };
      return isAll
        ? take(api.GET('/v1/videos', { params: { query: page }, signal }))
        : take(api.GET('/v1/kinema/search', { params: { query: { ...sought, ...page } }, signal }));
    },
    getNextPageParam: (last) => (last.has_more && last.last_id ? last.last_id : undefined),
    refetchInterval: (query) => (query.state.error ? 4000 : false),
  });
  const { data } = asked;
  const videos = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  return { ...asked, videos };
}

export function useVideo(id: string) {
  return useQuery({
    queryKey: KEYS.video(id),
    queryFn: ({ signal }) => fetchVideo(id, signal),
    enabled: id !== '',
    initialData: () => known(id),
    initialDataUpdatedAt: 0,
  });
}

/** Names that can be asked for here. */
export function useNames() {
  return useQuery({
    queryKey: KEYS.names,
    queryFn: ({ signal }) => take(api.GET('/v1/models', { signal })),
    select: (list) => list.data.map((one) => one.id),
  });
}

export function fetchVideo(id: string, signal?: AbortSignal): Promise<Video> {
  return take(
    api.GET('/v1/videos/{video_id}', {
      params: { path: { video_id: id } },
      ...(signal ? { signal } : {}),
    }),
  );
}

function known(id: string): Video | undefined {
  const pages = queries.getQueryData<Pages>(KEYS.all);
  return pages?.pages.flatMap((page) => page.data).find((one) => one.id === id);
}

/** Put a video where the lists have it, and in front of the whole library. */
export function upsert(video: Video): void {
  queries.setQueryData(KEYS.video(video.id), video);
  let isNew = false;
  queries.setQueriesData<Pages>({ queryKey: KEYS.videos }, (old) => {
    if (!old?.pages.some((page) => page.data.some((one) => one.id === video.id))) return old;
    const pages = old.pages.map((page) =>
      page.data.some((one) => one.id === video.id)
        ? { ...page, data: page.data.map((one) => (one.id === video.id ? video : one)) }
        : page,
    );
    return { ...old, pages };
  });
  queries.setQueryData<Pages>(KEYS.all, (old) => {
    const [first, ...rest] = old?.pages ?? [];
    if (!old || !first || old.pages.some((page) => page.data.some((one) => one.id === video.id)))
      return old;
    isNew = true;
    return { ...old, pages: [{ ...first, data: placed(first.data, video) }, ...rest] };
  });
  if (isNew) searchAgain();
}

/** The list with a new video in its place: news of two may come in any order. */
function placed(list: readonly Video[], video: Video): Video[] {
  const number = video.kinema.number ?? Number.POSITIVE_INFINITY;
  const at = list.findIndex((one) => (one.kinema.number ?? 0) < number);
  return at < 0 ? [...list, video] : list.toSpliced(at, 0, video);
}

let searching: ReturnType<typeof setTimeout> | undefined;

/** What a search found may be more now; who looks at it sees so in a moment. */
export function searchAgain(): void {
  clearTimeout(searching);
  searching = setTimeout(() => {
    void queries.invalidateQueries({
      queryKey: KEYS.videos,
      predicate: ({ queryKey }) => queryKey[1] !== KEYS.all[1],
    });
  }, 700);
}

/** Take a video out of every list. */
export function remove(id: string): void {
  queries.removeQueries({ queryKey: KEYS.video(id) });
  queries.setQueriesData<Pages>({ queryKey: KEYS.videos }, (old) => {
    if (!old?.pages.some((page) => page.data.some((one) => one.id === id))) return old;
    const pages = old.pages.map((page) => ({
      ...page,
      data: page.data.filter((one) => one.id !== id),
    }));
    return { ...old, pages };
  });
}

export async function setFavourite(video: Video, favourite: boolean): Promise<void> {
  upsert({ ...video, kinema: { ...video.kinema, favourite } });
  try {
    const asked = api.PATCH('/v1/kinema/clips/{video_id}', {
      params: { path: { video_id: video.id } },
      body: { favourite },
    });
    upsert(await take(asked));
    searchAgain();
  } catch (error) {
    upsert(video);
    throw error;
  }
}

const UNDO_FOR = 6000;
const deleting = new Map<string, ReturnType<typeof setTimeout>>();

/** Hide a video now and delete it in six seconds, unless `undelete` is called before. */
export function deleteSoon(id: string): void {
  useLive.getState().hide(id, true);
  const timer = setTimeout(() => void deleteNow(id), UNDO_FOR);
  deleting.set(id, timer);
}

export function undelete(id: string): void {
  clearTimeout(deleting.get(id));
  deleting.delete(id);
  useLive.getState().hide(id, false);
}

async function deleteNow(id: string): Promise<void> {
  deleting.delete(id);
  try {
    await take(api.DELETE('/v1/videos/{video_id}', { params: { path: { video_id: id } } }));
    remove(id);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) remove(id);
  } finally {
    useLive.getState().hide(id, false);
  }
}

/** Others like this one, with seeds that were not used yet. */
export async function vary(id: string, count: number): Promise<Video[]> {
  const made = await take(
    api.POST('/v1/kinema/variations', { body: { videos: [{ id }], variations: count } }),
  );
  for (const video of made.data) upsert(video);
  void queries.invalidateQueries({ queryKey: KEYS.jobs });
  return made.data;
}
