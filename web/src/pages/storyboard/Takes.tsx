/** The renderings of a card: the chosen one is on the line, another one can be made. */
import { contentUrl, previewUrl } from '../../api/client';
import { chooseTake, retake, type TakeFace } from '../../api/storyboards';
import { Icon } from '../../parts/Icon';
import { ClipLeader } from '../../parts/Leader';
import { useLive } from '../../state/live';
import { link } from '../../state/route';
import { useToasts } from '../../state/toasts';
import { useWords } from '../../words';
import { cardsOf } from './acts';
import { Field } from './Field';
import { useBoard } from './store';

const NONE: TakeFace[] = [];

/** Whether a take is what is seen: the chosen one, else the one that shows the card. */
const isOn = (take: TakeFace, shown: string | null) =>
  take.chosen || (take.clip !== null && take.clip === shown);

/** Put a take on the line; null is what the words make. */
async function choose(shot: string, take: string | null): Promise<void> {
  const { id, take: shown } = useBoard.getState();
  if (!id) return;
  try {
    shown(await chooseTake(id, shot, take));
  } catch (error) {
    useToasts.getState().add((error as Error).message);
  }
}

/** The take behind the one that is on the line, the first one after the last. */
export function nextTake(): void {
  const { project, base, chosen } = useBoard.getState();
  const shot = project && cardsOf(project).find((one) => one.id === chosen)?.ref;
  const takes = ((shot && base?.cards[shot]?.takes) || NONE).filter((one) => one.state === 'ready');
  if (!shot || takes.length < 2) return;
  const at = takes.findIndex((one) => isOn(one, (shot && base?.cards[shot]?.clip) || null));
  const next = takes[(at + 1) % takes.length];
  if (next) void choose(shot, next.id);
}

export function Takes({ shot }: { shot: string }) {
  const say = useWords();
  const takes = useBoard((board) => board.base?.cards[shot]?.takes ?? NONE);
  const error = useBoard((board) => board.base?.cards[shot]?.error ?? null);
  const isPinned = useBoard((board) => board.project?.shots?.[shot]?.selected !== undefined);
  const ready = takes.filter((one) => one.state === 'ready');
  const shown = useBoard((board) => board.base?.cards[shot]?.clip ?? null);
  const at = takes.findIndex((one) => isOn(one, shown));
  const another = async () => {
    const { id, take } = useBoard.getState();
    if (!id) return;
    try {
      take(await retake(id, shot));
    } catch (problem) {
      useToasts.getState().add((problem as Error).message);
    }
  };
  const videos = ready.flatMap((one) => one.clip ?? []);
  return (
    <Field
      name={say('board.takes')}
      note={at >= 0 ? say('board.takeOf', { n: at + 1, all: takes.length }) : null}
    >
      <div className="sb-takes">
        {takes.map((one, number) => (
          <button
            key={one.id}
            type="button"
            disabled={one.state !== 'ready'}
            aria-pressed={number === at}
            aria-label={say('board.take', { n: number + 1 })}
            onClick={() => void choose(shot, one.id)}
          >
            <Look take={one} />
          </button>
        ))}
        <button
          type="button"
          className="more"
          aria-label={say('board.retake')}
          title={say('board.retake')}
          onClick={() => void another()}
        >
          <Icon name="plus" />
        </button>
      </div>
      <div className="row">
        {videos.length > 1 ? (
          <a className="link" {...link(`/compare?ids=${videos.slice(0, 9).join(',')}`)}>
            {say('plate.compare')}
          </a>
        ) : null}
        {isPinned ? (
          <button type="button" className="link" onClick={() => void choose(shot, null)}>
            {say('board.takeFresh')}
          </button>
        ) : null}
      </div>
      {error ? (
        <p className="pnote" role="alert">
          <Icon name="warn" size={15} />
          {error}
        </p>
      ) : null}
    </Field>
  );
}

function Look({ take }: { take: TakeFace }) {
  const preview = useLive((live) => (take.clip ? (live.forming[take.clip]?.preview ?? 0) : 0));
  if (take.state === 'ready' && take.clip) {
    return <img src={contentUrl(take.clip, 'thumbnail')} alt="" loading="lazy" />;
  }
  if (take.state === 'ready' && take.url) {
    return <video src={take.url} muted playsInline preload="metadata" tabIndex={-1} />;
  }
  return (
    <>
      {preview && take.clip ? <img src={previewUrl(take.clip, preview)} alt="" /> : null}
      {take.clip && take.state === 'making' ? (
        <ClipLeader id={take.clip} promised={null} size={32} />
      ) : (
        <Icon name="warn" size={16} />
      )}
    </>
  );
}
