/** In the projector: what is being made, what comes next, what needs a person. */
import { useState } from 'react';
import { move, useJobs } from '../api/queue';
import { useToasts } from '../state/toasts';
import { lasting, useLanguage, useWords } from '../words';
import { useNow } from './Leader';
import { behindBatch, FOLDED, grouped } from './queue/groups';
import { Needs } from './queue/Needs';
import { Kept, Running, Waiting } from './queue/Rows';

export function Queue() {
  const say = useWords();
  const jobs = useJobs();
  const [all, setAll] = useState(false);
  const list = jobs.data?.data ?? [];
  const running = list.filter((job) => job.position === 0);
  const next = list.filter((job) => job.position > 0);
  const waiting = next.filter((job) => job.video.kinema.state === 'queued');
  const groups = grouped(next);
  const shown = all ? groups : groups.slice(0, FOLDED);
  const mine = next.length > FOLDED ? behindBatch(waiting) : [];
  const at = (id: string) => waiting.findIndex((job) => job.video.id === id);
  const wrong = (error: Error) => useToasts.getState().add(error.message);
  const mineFirst = async () => {
    for (const id of mine) await move(id, null);
  };
  return (
    <aside className="queue" aria-label={say('queue.title')} id="queue" tabIndex={-1}>
      <header>
        <h2>{say('queue.title')}</h2>
        <DoneIn
          count={list.length}
          seconds={list.length ? (jobs.data?.done_in ?? null) : 0}
          at={jobs.dataUpdatedAt}
        />
      </header>
      <ul>
        {running.map((job) => (
          <Running key={job.video.id} job={job} />
        ))}
      </ul>
      {next.length ? <h3>{say('queue.next')}</h3> : null}
      <ul>
        {shown.map((group) => (
          <Waiting
            key={group.key}
            group={group}
            above={waiting[at(group.key) - 1]?.video.id}
            below={at(group.key) < 0 ? undefined : waiting[at(group.key) + 1]?.video.id}
          />
        ))}
      </ul>
      {groups.length > FOLDED || mine.length ? (
        <div className="longq">
          {groups.length > FOLDED ? (
            <button type="button" className="link" onClick={() => setAll(!all)}>
              {all
                ? say('queue.fewer')
                : say('queue.more', { n: next.length - shown.flatMap((one) => one.jobs).length })}
            </button>
          ) : null}
          {mine.length ? (
            <button type="button" className="link" onClick={() => void mineFirst().catch(wrong)}>
              {say('queue.first')}
            </button>
          ) : null}
        </div>
      ) : null}
      <Kept />
      <Needs />
    </aside>
  );
}

function DoneIn({ count, seconds, at }: { count: number; seconds: number | null; at: number }) {
  const say = useWords();
  const now = useNow();
  const language = useLanguage();
  if (!seconds) return <span className="muted">{say('queue.idle')}</span>;
  const left = Math.max(1, seconds - (now - at) / 1000);
  if (count <= FOLDED) {
    return (
      <span className="muted">{say('queue.done', { time: lasting(say, Math.round(left)) })}</span>
    );
  }
  const end = new Date(at + seconds * 1000).toLocaleTimeString(language, { timeStyle: 'short' });
  return <span className="muted">{say('queue.until', { n: count, time: end })}</span>;
}
