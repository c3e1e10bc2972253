/** Strips over the page for what is not as it should be, and what can be done about it. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, take } from '../api/client';
import { KEYS } from '../api/library';
import { useJobs, useWorkers } from '../api/queue';
import { cleanUp } from '../api/storage';
import { useLive } from '../state/live';
import { link } from '../state/route';
import { useToasts } from '../state/toasts';
import { ago, sized, useWords } from '../words';
import { Icon } from './Icon';

/** Free bytes under which people are told, where that is also little of the whole. */
const LITTLE = 3e9;
const SHARE = 0.05;

export function Notices() {
  const say = useWords();
  const online = useLive((live) => live.online);
  const locked = useLive((live) => live.locked);
  return (
    <div role="status" className="notices">
      {locked ? (
        <Notice
          act={
            <a className="link" {...link('/settings#keys')}>
              {say('settings.ownKey')}
            </a>
          }
        >
          {say('away.locked')}
        </Notice>
      ) : online ? (
        <>
          <Away />
          <FullDisk />
        </>
      ) : (
        <Notice>{say('away.server')}</Notice>
      )}
    </div>
  );
}

function Notice({ children, act }: { children: ReactNode; act?: ReactNode }) {
  return (
    <p className="notice" data-notice>
      <Icon name="warn" />
      <span>{children}</span>
      {act}
    </p>
  );
}

/** Workers that are gone while somebody waits for what only they can make. */
function Away() {
  const say = useWords();
  const workers = useWorkers().data?.data ?? [];
  const jobs = useJobs().data?.data ?? [];
  const wanted = new Set(jobs.map((job) => job.video.kinema.model));
  const isThere = (model: string) =>
    workers.some((one) => one.state !== 'away' && one.models.includes(model));
  const missed = [...wanted].filter((model) => !isThere(model));
  const away = workers.filter(
    (one) => one.state === 'away' && one.models.some((model) => missed.includes(model)),
  );
  return away
    .slice(-1)
    .map((one) => (
      <Notice key={one.name}>
        {say('away.worker', { name: one.name, time: ago(say, one.seen) })}
      </Notice>
    ));
}

function FullDisk() {
  const say = useWords();
  const { data } = useQuery({
    queryKey: KEYS.disk,
    queryFn: ({ signal }) => take(api.GET('/v1/kinema/storage/disk', { signal })),
    refetchInterval: 120_000,
  });
  const free = data?.free ?? Number.POSITIVE_INFINITY;
  if (free > Math.min(LITTLE, SHARE * (data?.total ?? 0))) return null;
  const clean = async () => {
    const gone = await cleanUp('drafts', 0);
    const size = sized(say, gone.bytes);
    useToasts.getState().add(say('away.cleaned', { n: gone.videos, size }));
  };
  return (
    <Notice
      act={
        <button
          type="button"
          className="link"
          onClick={() =>
            void clean().catch((error: Error) => useToasts.getState().add(error.message))
          }
        >
          {say('away.clean')}
        </button>
      }
    >
      {say('away.disk', { free: sized(say, free) })}
    </Notice>
  );
}
