/** One clip on the wall: picture, sentence, where it comes from. */
import type { DragEvent, MouseEvent } from 'react';
import { aspect, previewUrl, type Video } from '../api/client';
import { useLive } from '../state/live';
import { clipPath, link } from '../state/route';
import { ago, useWords } from '../words';
import { Chip, Lineage } from './Chip';
import { Icon } from './Icon';
import { ClipLeader } from './Leader';
import { Menu } from './Menu';
import { DRAGGED } from './PromptBar';
import { clipItems, doAct, favour, remake } from './plate/acts';
import { Vid } from './Vid';

export interface Kin {
  prompt: string | null;
  number: number | null;
}

interface Props {
  video: Video;
  width: number;
  parent?: Kin | undefined;
  picked: boolean;
  onPick: () => void;
}

export function Plate({ video, width, parent, picked, onPick }: Props) {
  const say = useWords();
  const prompt = video.prompt || say('plate.untitled');
  const done = video.status === 'completed' && video.kinema.state !== 'expired';
  return (
    <article
      className={`plate ${picked ? 'picked' : ''}`}
      style={{ width }}
      data-clip={video.id}
      data-status={video.status}
      onContextMenu={done ? openMenu : undefined}
    >
      <Gate video={video} picked={picked} onPick={onPick} />
      <p className="cap lines2" dir="auto">
        {prompt}
      </p>
      <div className="meta">
        <ClipNumber video={video} />
        <Lineage video={video} parent={parent} />
        {!video.kinema.source ? <Chip>{video.kinema.model}</Chip> : null}
        {done ? <Heart video={video} /> : null}
        <span className="age">{ago(say, video.created_at)}</span>
      </div>
    </article>
  );
}

/** The picture of a clip with what can be done right there. */
export function Gate({
  video,
  picked,
  onPick,
  badge,
}: Pick<Props, 'video' | 'picked' | 'onPick'> & { badge?: string }) {
  const say = useWords();
  const isFresh = useLive((live) => live.fresh[video.id]);
  const prompt = video.prompt || say('plate.untitled');
  const state = video.kinema.state;
  if (state === 'expired') return <Gone video={video} />;
  const done = video.status === 'completed';
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dragging has the menu beside it
    <div
      className={`gate ${isFresh ? 'fresh' : ''}`}
      style={{ aspectRatio: aspect(video.size) }}
      draggable={done}
      onDragStart={(event: DragEvent) => event.dataTransfer.setData(DRAGGED, video.id)}
    >
      {done ? (
        <a
          className="cover"
          data-plate
          draggable={false}
          aria-label={say('plate.open', { prompt })}
          {...link(clipPath(video.id))}
        >
          <Vid id={video.id} label={prompt} />
        </a>
      ) : (
        <Forming video={video} />
      )}
      {done ? <Corners video={video} picked={picked} onPick={onPick} /> : null}
      <span className="badge">{badge ?? say('common.seconds', { n: video.seconds })}</span>
    </div>
  );
}

/** The menu of a clip, opened by the right button or by the keys that stand for it. */
export function openMenu(event: MouseEvent<HTMLElement>): void {
  const button = event.currentTarget.querySelector<HTMLElement>('.clip-menu');
  if (!button || (event.target as HTMLElement).closest('.menu')) return;
  event.preventDefault();
  button.click();
}

function Corners({ video, picked, onPick }: Pick<Props, 'video' | 'picked' | 'onPick'>) {
  const say = useWords();
  const prompt = video.prompt || say('plate.untitled');
  return (
    <>
      <span className="corner start">
        <button
          type="button"
          className="icon-btn glass pick"
          aria-pressed={picked}
          aria-label={say('plate.pick', { prompt })}
          onClick={onPick}
        >
          <Icon name={picked ? 'check' : 'plus'} size={15} />
        </button>
      </span>
      <span className="corner end">
        <span className="seal" role="img" aria-label={say('plate.seal')} title={say('plate.seal')}>
          <Icon name="verify" size={16} />
        </span>
      </span>
      <span className="corner acts">
        {(['remix', 'extend'] as const).map((act) => (
          <a
            key={act}
            className="icon-btn glass quick"
            aria-label={say(`act.${act}`)}
            title={say(`act.${act}`)}
            {...link(clipPath(video.id, act))}
          >
            <Icon name={act} size={16} />
          </a>
        ))}
        <Menu<string>
          label={say('plate.more')}
          className="icon-btn glass clip-menu"
          look="acts-menu"
          shown={<Icon name="more" size={16} />}
          items={clipItems(say)}
          onPick={(pick) => doAct(say, video, pick)}
        />
      </span>
    </>
  );
}

/** What is seen of a clip while it is made. */
export function Forming({ video }: { video: Video }) {
  const say = useWords();
  const preview = useLive((live) => live.forming[video.id]?.preview ?? 0);
  const prompt = video.prompt || say('plate.untitled');
  return (
    <a
      className="cover"
      data-plate
      aria-label={say('plate.forming', { prompt })}
      {...link(clipPath(video.id))}
    >
      {preview ? <img className="vid" src={previewUrl(video.id, preview)} alt="" /> : null}
      <ClipLeader id={video.id} promised={video.kinema.promised} />
    </a>
  );
}

/** A clip whose files have gone by the rule of whoever runs the server. */
function Gone({ video }: { video: Video }) {
  const say = useWords();
  return (
    <div className="gate gone" style={{ aspectRatio: aspect(video.size) }}>
      <a
        className="cover"
        data-plate
        aria-label={say('plate.open', { prompt: video.prompt || say('plate.untitled') })}
        {...link(clipPath(video.id))}
      />
      <p>{say('plate.expired')}</p>
      <button type="button" className="link" onClick={() => remake(video.id)}>
        {say('plate.remake')}
      </button>
    </div>
  );
}

export function ClipNumber({ video }: { video: Video }) {
  const { number } = video.kinema;
  return number === null ? null : <span className="mono number">{number}</span>;
}

function Heart({ video }: { video: Video }) {
  const say = useWords();
  return (
    <button
      type="button"
      className="heart"
      aria-pressed={video.kinema.favourite}
      aria-label={say('plate.favourite')}
      onClick={() => favour(say, video)}
    >
      <Icon name="heart" size={14} />
    </button>
  );
}
