/** In the projector: what is being made, what comes next, what needs a person. */
import { useState } from 'react';
import { aspect, type Job, previewUrl, type Video } from '../api/client';
import { deleteSoon, steer, useJobs, useVideos } from '../api/library';
import { order } from '../api/make';
import { useLive } from '../state/live';
import { useToasts } from '../state/toasts';
import { lasting, named, useWords } from '../words';
import { Icon } from './Icon';
import { ClipLeader, useNow } from './Leader';

const FOLDED = 5;

export function Queue() {
  const say = useWords();
  const jobs = useJobs();
  const videos = useVideos();
  const hidden = useLive((live) => live.hidden);
  const [all, setAll] = useState(false);
  const list = jobs.data?.data ?? [];
  const running = list.filter((job) => job.position === 0);
  const next = list.filter((job) => job.position > 0);
  const failed = (videos.data?.pages.flatMap((page) => page.data) ?? []).filter(
    (one) => one.status === 'failed' && one.kinema.state === 'failed' && !hidden[one.id],
  );
  const shown = all ? next : next.slice(0, FOLDED);
  return (
    <aside className="queue" aria-label={say('queue.title')} id="queue">
      <header>
        <h2>{say('queue.title')}</h2>
        <DoneIn seconds={list.length ? (jobs.data?.done_in ?? null) : 0} at={jobs.dataUpdatedAt} />
      </header>
      <ul>
        {running.map((job) => (
          <Running key={job.video.id} job={job} />
        ))}
      </ul>
      {next.length ? <h3>{say('queue.next')}</h3> : null}
      <ul>
        {shown.map((job) => (
          <Waiting key={job.video.id} job={job} />
        ))}
      </ul>
      {next.length > FOLDED ? (
        <div className="longq">
          <button type="button" className="link" onClick={() => setAll(!all)}>
            {all ? say('queue.fewer') : say('queue.more', { n: next.length - FOLDED })}
          </button>
        </div>
      ) : null}
      {failed.length ? <h3>{say('queue.needs')}</h3> : null}
      <ul aria-live="assertive">
        {failed.map((video) => (
          <Failed key={video.id} video={video} />
        ))}
      </ul>
    </aside>
  );
}

function DoneIn({ seconds, at }: { seconds: number | null; at: number }) {
  const say = useWords();
  const now = useNow();
  if (!seconds) return <span className="muted">{say('queue.idle')}</span>;
  const left = Math.max(1, seconds - (now - at) / 1000);
  return (
    <span className="muted">{say('queue.done', { time: lasting(say, Math.round(left)) })}</span>
  );
}

function Running({ job: { video } }: { job: Job }) {
  const say = useWords();
  const forming = useLive((live) => live.forming[video.id]);
  const prompt = video.prompt || say('plate.untitled');
  return (
    <li className="job" data-job={video.id}>
      <div className="still" style={aspect(video.size) < 1 ? { aspectRatio: '1' } : undefined}>
        {forming?.preview ? (
          <img key={forming.preview} src={previewUrl(video.id, forming.preview)} alt="" />
        ) : null}
        <ClipLeader id={video.id} promised={video.kinema.promised} size={58} />
      </div>
      <p className="cap lines2" dir="auto">
        {prompt}
      </p>
      <div className="foot">
        <span className="muted">
          {named(say, 'phase', forming?.phase ?? video.kinema.phase)} · {video.kinema.model}
        </span>
        <span className="acts">
          <Act video={video} how="pause" />
          <Act video={video} how="cancel" />
        </span>
      </div>
    </li>
  );
}

function Waiting({ job }: { job: Job }) {
  const say = useWords();
  const { video } = job;
  const paused = video.kinema.state === 'paused';
  const starts = job.starts_in ?? 0;
  return (
    <li className="job next" data-job={video.id}>
      <div>
        <p className="cap lines2" dir="auto">
          {video.prompt || say('plate.untitled')}
        </p>
        <span className="muted">
          {paused
            ? say('queue.paused')
            : say('queue.starts', { time: lasting(say, Math.round(starts)) })}
        </span>
      </div>
      <span className="acts">
        <Act video={video} how={paused ? 'resume' : 'pause'} />
        <Act video={video} how="cancel" />
      </span>
    </li>
  );
}

const ICONS = { pause: 'pause', resume: 'play', cancel: 'close' } as const;

function Act({ video, how }: { video: Video; how: keyof typeof ICONS }) {
  const say = useWords();
  const add = useToasts((toasts) => toasts.add);
  return (
    <button
      type="button"
      className="icon-btn small"
      aria-label={say(`queue.${how}`, { prompt: video.prompt ?? '' })}
      onClick={() => steer(video.id, how).catch((error: Error) => add(error.message))}
    >
      <Icon name={ICONS[how]} size={14} />
    </button>
  );
}

function Failed({ video }: { video: Video }) {
  const say = useWords();
  const add = useToasts((toasts) => toasts.add);
  const again = async (size: string) => {
    try {
      await order({
        prompt: video.prompt ?? '',
        model: video.model,
        size,
        seconds: Number(video.seconds),
      });
      deleteSoon(video.id);
    } catch (error) {
      add((error as Error).message);
    }
  };
  return (
    <li className="job fail">
      <Icon name="warn" size={17} />
      <div>
        <p className="cap line1" dir="auto">
          {video.prompt || say('plate.untitled')}
        </p>
        <span className="muted">
          {video.error?.message} {say('queue.safe')}
        </span>
        <div className="row">
          {video.kinema.source ? null : (
            <>
              <button type="button" className="link" onClick={() => void again(video.size)}>
                {say('queue.retry')}
              </button>
              <button type="button" className="link" onClick={() => void again(half(video.size))}>
                {say('queue.smaller')}
              </button>
            </>
          )}
          <button type="button" className="link" onClick={() => deleteSoon(video.id)}>
            {say('queue.dismiss')}
          </button>
        </div>
      </div>
    </li>
  );
}

function half(size: string): string {
  return size
    .split('x')
    .map((side) => Math.max(128, Math.round(Number(side) / 32) * 16))
    .join('x');
}
