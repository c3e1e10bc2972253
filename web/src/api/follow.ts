/** Keeps lists and forming clips as the events say. */
import { useLive } from '../state/live';
import { type JobList, queries } from './client';
import { onEvent, type ServerEvent } from './events';
import { fetchVideo, KEYS, remove, searchAgain, upsert } from './library';

let previews = 0;
let looking: ReturnType<typeof setTimeout> | undefined;

function lookAtQueue(): void {
  if (looking) return;
  looking = setTimeout(() => {
    looking = undefined;
    void queries.invalidateQueries({ queryKey: KEYS.jobs });
  }, 250);
}

/** From now on. */
export function followEvents(): void {
  const { progress, forget, arrive, setOnline } = useLive.getState();
  onEvent(({ type, id, data }) => {
    if (type === 'locked') return setOnline(true, true);
    if (type === 'online' || type === 'offline') return setOnline(type === 'online');
    if (type === 'reset') {
      void queries.invalidateQueries();
      return;
    }
    if (type.startsWith('worker.')) void queries.invalidateQueries({ queryKey: KEYS.workers });
    if (!id || !/^(job|clip)\./.test(type)) return;
    if (type === 'job.progress') return advance(id, data);
    if (type === 'job.preview') {
      previews += 1;
      progress(id, { preview: Date.now() + previews });
      return;
    }
    if (type === 'clip.deleted') return remove(id);
    if (type === 'job.completed') arrive(id);
    if (['job.completed', 'job.failed', 'job.cancelled'].includes(type)) forget(id);
    if (type === 'clip.updated' || type === 'clip.created') searchAgain();
    lookAtQueue();
    void fetchVideo(id).then(upsert, () => undefined);
  });
}

function advance(id: string, data: ServerEvent['data']): void {
  const eta = typeof data.eta_s === 'number' ? data.eta_s : null;
  useLive.getState().progress(id, {
    percent: Number(data.pct ?? 0),
    phase: String(data.phase ?? ''),
    ...(eta === null ? {} : { until: Date.now() + eta * 1000 }),
  });
  const jobs = queries.getQueryData<JobList>(KEYS.jobs);
  const job = jobs?.data.find((one) => one.video.id === id);
  if (!job || job.video.status === 'queued') lookAtQueue();
}
