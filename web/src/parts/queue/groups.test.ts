import { expect, it } from 'vitest';
import type { Job } from '../../api/client';
import { behindBatch, grouped } from './groups';

function job(id: string, spread: string | null = null, batch: string | null = null): Job {
  return { video: { id, kinema: { spread, batch } }, position: 1, starts_in: 0 } as unknown as Job;
}

it('leaves a short queue as it is', () => {
  const jobs = [job('a', 's'), job('b', 's'), job('c')];
  expect(grouped(jobs).map((group) => group.jobs.length)).toEqual([1, 1, 1]);
});

it('folds a long queue by where its jobs come from, in the order of their first', () => {
  const jobs = [job('a', 's'), job('b'), job('c', 's'), job('d', null, 'x'), job('e', 's', 'x')];
  const groups = grouped([...jobs, job('f')]);
  expect(groups.map((group) => group.jobs.map((one) => one.video.id))).toEqual([
    ['a', 'c'],
    ['b'],
    ['d', 'e'],
    ['f'],
  ]);
});

it('finds what waits behind a batch, the last first', () => {
  const jobs = [job('a'), job('b', null, 'x'), job('c'), job('d', null, 'x'), job('e')];
  expect(behindBatch(jobs)).toEqual(['e', 'c']);
  expect(behindBatch([job('a'), job('b')])).toEqual([]);
});
