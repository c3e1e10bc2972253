/** The library and the queue: asked for once, then kept as the events say. */
import { type InfiniteData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLive } from '../state/live';
import { api, type JobList, queries, Refusal, take, type Video, type VideoList } from './client';
import { onEvent } from './events';

const PAGE = 60;
type Pages = InfiniteData<VideoList, string | undefined>;

export const KEYS = {
  videos: ['videos'] as const,
  found: ['found'] as const,
  video: (id: string) => ['video', id] as const,
  jobs: ['jobs'] as const,
  workers: ['workers'] as const,
  cards: ['cards'] as const,
  names: ['names'] as const,
};

/** All videos, newest first, page by page. */
export function useVideos() {
  return useInfiniteQuery({
    queryKey: KEYS.videos,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      take(
        api.GET('/v1/videos', {
          params: { query: { limit: PAGE, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => (last.has_more && last.last_id ? last.last_id : undefined),
  });
}

/** Videos whose prompt holds these words. */
export function useFound(text: string, favourite: boolean) {
  return useQuery({
    queryKey: [...KEYS.found, text, favourite],
    enabled: text !== '' || favourite,
    queryFn: ({ signal }) =>
      take(api.GET('/v1/kinema/search', { params: { query: { text, favourite } }, signal })),
  });
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

/** Names that can be asked for here. */
export function useNames() {
  return useQuery({
    queryKey: KEYS.names,
    queryFn: ({ signal }) => take(api.GET('/v1/models', { signal })),
    select: (list) => list.data.map((one) => one.id),
  });
}

function fetchVideo(id: string, signal?: AbortSignal): Promise<Video> {
  return take(
    api.GET('/v1/videos/{video_id}', {
      params: { path: { video_id: id } },
      ...(signal ? { signal } : {}),
    }),
  );
}

function known(id: string): Video | undefined {
  const pages = queries.getQueryData<Pages>(KEYS.videos);
  return pages?.pages.flatMap((page) => page.data).find((one) => one.id === id);
}

/** Put a video where the list has it, or in front. */
export function upsert(video: Video): void {
  queries.setQueryData(KEYS.video(video.id), video);
  queries.setQueryData<Pages>(KEYS.videos, (old) => {
    if (!old) return old;
    let found = false;
    const pages = old.pages.map((page) => {
      if (!page.data.some((one) => one.id === video.id)) return page;
      found = true;
      return { ...page, data: page.data.map((one) => (one.id === video.id ? video : one)) };
    });
    const [first, ...rest] = pages;
    if (found || !first) return { ...old, pages };
    return { ...old, pages: [{ ...first, data: [video, ...first.data] }, ...rest] };
  });
}

/** Take a video out of every list. */
export function remove(id: string): void {
  queries.removeQueries({ queryKey: KEYS.video(id) });
  queries.setQueryData<Pages>(
    KEYS.videos,
    (old) =>
      old && {
        ...old,
        pages: old.pages.map((page) => ({
          ...page,
          data: page.data.filter((one) => one.id !== id),
        })),
      },
  );
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

export async function setFavourite(video: Video, favourite: boolean): Promise<void> {
  upsert({ ...video, kinema: { ...video.kinema, favourite } });
  const asked = api.PATCH('/v1/kinema/clips/{video_id}', {
    params: { path: { video_id: video.id } },
    body: { favourite } as never,
  });
  upsert(await take(asked));
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

let previews = 0;
let looking: ReturnType<typeof setTimeout> | undefined;

function lookAtQueue(): void {
  if (looking) return;
  looking = setTimeout(() => {
    looking = undefined;
    void queries.invalidateQueries({ queryKey: KEYS.jobs });
  }, 250);
}

/** Keep lists and forming clips as the events say, from now on. */
export function followEvents(): void {
  const { progress, forget, arrive, setOnline } = useLive.getState();
  onEvent(({ type, id, data }) => {
    if (type === 'online' || type === 'offline') return setOnline(type === 'online');
    if (type === 'reset') {
      void queries.invalidateQueries();
      return;
    }
    if (type.startsWith('worker.')) void queries.invalidateQueries({ queryKey: KEYS.workers });
    if (!id) return;
    if (type === 'job.progress') {
      const eta = typeof data.eta_s === 'number' ? data.eta_s : null;
      progress(id, {
        percent: Number(data.pct ?? 0),
        phase: String(data.phase ?? ''),
        ...(eta === null ? {} : { until: Date.now() + eta * 1000 }),
      });
      const jobs = queries.getQueryData<JobList>(KEYS.jobs);
      const job = jobs?.data.find((one) => one.video.id === id);
      if (!job || job.video.status === 'queued') lookAtQueue();
      return;
    }
    if (type === 'job.preview') {
      previews += 1;
      progress(id, { preview: Date.now() + previews });
      return;
    }
    if (type === 'clip.deleted') return remove(id);
    if (type === 'job.completed') arrive(id);
    if (['job.completed', 'job.failed', 'job.cancelled'].includes(type)) forget(id);
    lookAtQueue();
    void fetchVideo(id).then(upsert, () => undefined);
  });
}
