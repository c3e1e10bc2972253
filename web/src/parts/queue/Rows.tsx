/** Rows of the queue: what is being made, what waits, what is kept here until the server is back. */
import { type DragEvent, useState } from 'react';
import { aspect, type Job, previewUrl, type Video } from '../../api/client';
import { move, steer, useWorkers } from '../../api/queue';
import { useLive } from '../../state/live';
import { discard, useOutbox } from '../../state/outbox';
import { clipPath, link } from '../../state/route';
import { useToasts } from '../../state/toasts';
import { lasting, named, useWords } from '../../words';
import { Icon } from '../Icon';
import { ClipLeader } from '../Leader';
import type { Group } from './groups';

const MOVED = 'application/x-kinema-job';
const wrong = (error: Error) => useToasts.getState().add(error.message);

/** Whether nobody is there who could make it. */
function useHeld(video: Video): boolean {
  const workers = useWorkers().data?.data;
  return (
    workers?.every((one) => one.state === 'away' || !one.models.includes(video.kinema.model)) ??
    false
  );
}

export function Running({ job: { video } }: { job: Job }) {
  const say = useWords();
  const forming = useLive((live) => live.forming[video.id]);
  const isHeld = useHeld(video);
  const prompt = video.prompt || say('plate.untitled');
  const phase = named(say, 'phase', forming?.phase ?? video.kinema.phase);
  return (
    <li className="job" data-job={video.id}>
      <a
        className="still"
        style={aspect(video.size) < 1 ? { aspectRatio: '1' } : undefined}
        aria-label={say('plate.forming', { prompt })}
        {...link(clipPath(video.id))}
      >
        {forming?.preview ? (
          <img key={forming.preview} src={previewUrl(video.id, forming.preview)} alt="" />
        ) : null}
        <ClipLeader id={video.id} promised={video.kinema.promised} size={58} />
      </a>
      <p className="cap lines2" dir="auto">
        {prompt}
      </p>
      <div className="foot">
        <span className="muted">
          {isHeld ? say('queue.held') : phase} · {video.kinema.model}
        </span>
        <span className="acts">
          <Act video={video} how="pause" />
          <Act video={video} how="cancel" />
        </span>
      </div>
    </li>
  );
}

interface WaitingProps {
  group: Group;
  /** The job that waits before it, and the one behind it. */
  above: string | undefined;
  below: string | undefined;
}

/** A job that waits, or several of one origin. It is dragged, or moved by its buttons. */
export function Waiting({ group, above, below }: WaitingProps) {
  const say = useWords();
  const [isOver, setOver] = useState(false);
  const [first, ...rest] = group.jobs;
  if (!first) return null;
  const { video } = first;
  const isPaused = video.kinema.state === 'paused';
  const prompt = video.prompt || say('plate.untitled');
  const movable = !isPaused && rest.length === 0;
  const starts = say('queue.starts', { time: lasting(say, Math.round(first.starts_in ?? 0)) });
  return (
    <li
      className={`job next ${isOver ? 'over' : ''}`}
      data-job={video.id}
      draggable={movable}
      onDragStart={(event: DragEvent) => event.dataTransfer.setData(MOVED, video.id)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(MOVED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const moved = event.dataTransfer.getData(MOVED);
        if (!moved || moved === video.id) return;
        event.preventDefault();
        move(moved, video.id).catch(wrong);
      }}
    >
      <div className="words">
        <p className="cap lines2" dir="auto">
          {prompt}
        </p>
        <span className="muted">
          {isPaused ? say('queue.paused') : starts}
          {rest.length ? ` · ${say('queue.group', { n: rest.length })}` : null}
        </span>
      </div>
      <span className="acts">
        {movable && above ? (
          <Shift video={video} to="sooner" onClick={() => move(video.id, above).catch(wrong)} />
        ) : null}
        {movable && below ? (
          <Shift video={video} to="later" onClick={() => move(below, video.id).catch(wrong)} />
        ) : null}
        {rest.length === 0 ? (
          <>
            <Act video={video} how={isPaused ? 'resume' : 'pause'} />
            <Act video={video} how="cancel" />
          </>
        ) : (
          <button
            type="button"
            className="icon-btn small"
            aria-label={say('queue.cancelAll', { n: group.jobs.length })}
            onClick={() => {
              for (const one of group.jobs) steer(one.video.id, 'cancel').catch(wrong);
            }}
          >
            <Icon name="close" size={14} />
          </button>
        )}
      </span>
    </li>
  );
}

interface ShiftProps {
  video: Video;
  to: 'sooner' | 'later';
  onClick: () => void;
}

function Shift({ video, to, onClick }: ShiftProps) {
  const say = useWords();
  return (
    <button
      type="button"
      className="icon-btn small"
      aria-label={say(`queue.${to}`, { prompt: video.prompt ?? '' })}
      onClick={onClick}
    >
      <Icon name={to === 'sooner' ? 'up' : 'lower'} size={14} />
    </button>
  );
}

const ICONS = { pause: 'pause', resume: 'play', cancel: 'close' } as const;

function Act({ video, how }: { video: Video; how: keyof typeof ICONS }) {
  const say = useWords();
  return (
    <button
      type="button"
      className="icon-btn small"
      aria-label={say(`queue.${how}`, { prompt: video.prompt ?? '' })}
      onClick={() => steer(video.id, how).catch(wrong)}
    >
      <Icon name={ICONS[how]} size={14} />
    </button>
  );
}

/** What was ordered without a connection. */
export function Kept() {
  const say = useWords();
  const waiting = useOutbox((box) => box.waiting);
  if (!waiting.length) return null;
  return (
    <>
      <h3>{say('queue.kept')}</h3>
      <ul>
        {waiting.map((what, at) => {
          const prompt = what.prompt || say('plate.untitled');
          return (
            <li key={what.seed ?? at} className="job next" data-kept>
              <p className="cap lines2" dir="auto">
                {prompt}
              </p>
              <button
                type="button"
                className="icon-btn small"
                aria-label={say('queue.discard', { prompt })}
                onClick={() => discard(at)}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}
