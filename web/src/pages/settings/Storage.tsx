/** How much room clips take, what was used, and how room is got back. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useUsage } from '../../api/access';
import { api, take } from '../../api/client';
import { KEYS } from '../../api/library';
import { cleanUp, useStorage } from '../../api/storage';
import { Sure } from '../../parts/Sure';
import { useToasts } from '../../state/toasts';
import { lasting, sized, useWords } from '../../words';

const DAYS = [0, 1, 7, 30] as const;

export function Storage() {
  const say = useWords();
  const room = useStorage().data;
  const disk = useQuery({
    queryKey: KEYS.disk,
    queryFn: ({ signal }) => take(api.GET('/v1/kinema/storage/disk', { signal })),
  }).data;
  const [days, setDays] = useState<number>(7);
  const clean = (what: 'drafts' | 'failed') => async () => {
    const gone = await cleanUp(what, days);
    const size = sized(say, gone.bytes);
    useToasts.getState().add(say('settings.cleaned', { n: gone.videos, size }));
  };
  return (
    <section id="storage">
      <h2>{say('settings.storage')}</h2>
      {room ? (
        <dl className="facts wide">
          <div>
            <dt>{say('settings.allClips')}</dt>
            <dd>
              {say('settings.room', { n: room.all.videos, size: sized(say, room.all.bytes) })}
            </dd>
          </div>
          <div>
            <dt>{say('settings.drafts')}</dt>
            <dd>
              {say('settings.room', { n: room.drafts.videos, size: sized(say, room.drafts.bytes) })}
              <Sure
                label={say('settings.clean')}
                sure={say('settings.cleanDrafts')}
                disabled={!room.drafts.videos}
                onSure={clean('drafts')}
              />
            </dd>
          </div>
          <div>
            <dt>{say('settings.failed')}</dt>
            <dd>
              {say('settings.count', { n: room.failed.videos })}
              <Sure
                label={say('settings.clean')}
                sure={say('settings.cleanFailed')}
                disabled={!room.failed.videos}
                onSure={clean('failed')}
              />
            </dd>
          </div>
          {disk?.total ? (
            <div>
              <dt>{say('settings.disk')}</dt>
              <dd>
                {say('settings.free', {
                  free: sized(say, disk.free ?? 0),
                  total: sized(say, disk.total),
                })}
              </dd>
            </div>
          ) : null}
        </dl>
      ) : null}
      <label className="check">
        {say('settings.older')}
        <select
          className="input"
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {DAYS.map((n) => (
            <option key={n} value={n}>
              {n === 0 ? say('settings.everyAge') : say('settings.days', { n })}
            </option>
          ))}
        </select>
      </label>
      <Used />
    </section>
  );
}

function Used() {
  const say = useWords();
  const used = useUsage().data;
  if (!used) return null;
  const days = used.data;
  const sum = (of: (day: (typeof days)[number]) => number) =>
    days.reduce((all, day) => all + of(day), 0);
  return (
    <p className="muted">
      {say('settings.used', {
        n: sum((day) => day.videos),
        seconds: lasting(
          say,
          sum((day) => day.seconds),
        ),
        work: lasting(
          say,
          sum((day) => day.work),
        ),
      })}
    </p>
  );
}
