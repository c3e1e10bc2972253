/** One clip on the wall: picture, sentence, where it comes from. */

import { aspect, contentUrl, previewUrl, type Video } from '../api/client';
import { deleteSoon, setFavourite, undelete } from '../api/library';
import { useLive } from '../state/live';
import { usePrefs } from '../state/prefs';
import { clipPath, go, link } from '../state/route';
import { useToasts } from '../state/toasts';
import { ago, type Say, useWords } from '../words';
import { Chip, Lineage } from './Chip';
import { Icon } from './Icon';
import { ClipLeader } from './Leader';
import { Menu } from './Menu';
import { Vid } from './Vid';

interface Props {
  video: Video;
  width: number;
  parent?: string | null;
  picked: boolean;
  onPick: () => void;
}

export function Plate({ video, width, parent, picked, onPick }: Props) {
  const say = useWords();
  const fresh = useLive((live) => live.fresh[video.id]);
  const prompt = video.prompt || say('plate.untitled');
  const done = video.status === 'completed';
  return (
    <article
      className={`plate ${picked ? 'picked' : ''} ${fresh ? 'fresh' : ''}`}
      style={{ width }}
      data-clip={video.id}
      data-status={video.status}
    >
      <div className="gate" style={{ aspectRatio: aspect(video.size) }}>
        {done ? <Finished video={video} label={prompt} /> : <Forming video={video} />}
        {done ? (
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
              <span
                className="seal"
                role="img"
                aria-label={say('plate.seal')}
                title={say('plate.seal')}
              >
                <Icon name="verify" size={16} />
              </span>
            </span>
            <span className="corner acts">
              <a
                className="icon-btn glass"
                aria-label={say('plate.remix')}
                {...link(clipPath(video.id, 'remix'))}
              >
                <Icon name="remix" size={16} />
              </a>
              <a
                className="icon-btn glass"
                aria-label={say('plate.extend')}
                {...link(clipPath(video.id, 'extend'))}
              >
                <Icon name="extend" size={16} />
              </a>
            </span>
          </>
        ) : null}
        <span className="badge">{say('common.seconds', { n: video.seconds })}</span>
      </div>
      <p className="cap lines2" dir="auto">
        {prompt}
      </p>
      <div className="meta">
        <Lineage video={video} parent={parent} />
        {!video.kinema.source ? <Chip>{video.kinema.model}</Chip> : null}
        {done ? <Heart video={video} /> : null}
        <span className="age">{ago(say, video.created_at)}</span>
        {done ? <PlateMenu video={video} /> : null}
      </div>
    </article>
  );
}

function Finished({ video, label }: { video: Video; label: string }) {
  const say = useWords();
  return (
    <a
      className="cover"
      data-plate
      aria-label={say('plate.open', { prompt: label })}
      {...link(clipPath(video.id))}
    >
      <Vid id={video.id} label={label} />
    </a>
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

function Heart({ video }: { video: Video }) {
  const say = useWords();
  const { favourite } = video.kinema;
  return (
    <button
      type="button"
      className="heart"
      aria-pressed={favourite}
      aria-label={say('plate.favourite')}
      onClick={() => void setFavourite(video, !favourite)}
    >
      <Icon name="heart" size={14} />
    </button>
  );
}

/** Delete a clip in a way that can be undone for six seconds. */
export function deleteWithUndo(say: Say, id: string): void {
  deleteSoon(id);
  useToasts.getState().add(say('plate.deleted'), () => undelete(id));
}

const ACTS = ['remix', 'extend', 'edit', 'loop', 'blend', 'recut'] as const;

function PlateMenu({ video }: { video: Video }) {
  const say = useWords();
  const write = usePrefs((prefs) => prefs.write);
  const more = {
    again: () =>
      write({ prompt: video.prompt ?? '', size: video.size, seconds: Number(video.seconds) }),
    download: () => {
      const anchor = document.createElement('a');
      anchor.href = contentUrl(video.id);
      anchor.download = `${video.id}.mp4`;
      anchor.click();
    },
    copy: () => void navigator.clipboard.writeText(video.prompt ?? ''),
    delete: () => deleteWithUndo(say, video.id),
  };
  return (
    <Menu<string>
      label={say('plate.more')}
      className="icon-btn small"
      shown={<Icon name="more" size={15} />}
      items={[
        ...ACTS.map((act) => ({ value: act as string, label: say(`act.${act}`) })),
        { value: 'again', label: say('plate.again') },
        { value: 'copy', label: say('plate.copy') },
        { value: 'download', label: say('plate.download') },
        { value: 'delete', label: say('plate.delete') },
      ]}
      onPick={(pick) => {
        if (pick in more) more[pick as keyof typeof more]();
        else go(clipPath(video.id, pick));
      }}
    />
  );
}
