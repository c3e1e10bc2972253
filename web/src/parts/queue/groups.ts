/** How a long queue folds: jobs of one origin become one row. */
import type { Job } from '../../api/client';

export interface Group {
  key: string;
  jobs: Job[];
}

/** Rows that stand open before the queue folds. */
export const FOLDED = 5;

/** Jobs that wait, those of one spread or batch together where there are many. */
export function grouped(jobs: readonly Job[]): Group[] {
  const isLong = jobs.length > FOLDED;
  const groups = new Map<string, Group>();
  for (const job of jobs) {
    const { batch, spread } = job.video.kinema;
    const key = (isLong && (batch ?? spread)) || job.video.id;
    const known = groups.get(key);
    if (known) known.jobs.push(job);
    else groups.set(key, { key, jobs: [job] });
  }
  return [...groups.values()];
}

/** Jobs of somebody's own that wait behind a batch, the last first: as they are to be moved. */
export function behindBatch(jobs: readonly Job[]): string[] {
  const first = jobs.findIndex((job) => job.video.kinema.batch !== null);
  if (first < 0) return [];
  const own = jobs.slice(first).filter((job) => job.video.kinema.batch === null);
  return own.map((job) => job.video.id).reverse();
}
