/** One clip: it plays, says what it was made from, and is where new ones begin. */
import { useState } from 'react';
import { type ModelCard, useCards } from '../../api/cards';
import type { Recipe, Video } from '../../api/client';
import { fpsOf, useRecipe } from '../../api/clip';
import { useVideo, useVideos } from '../../api/library';
import { Icon } from '../../parts/Icon';
import { Menu } from '../../parts/Menu';
import { clipItems, deleteWithUndo, doAct, download, writeAgain } from '../../parts/plate/acts';
import { useKeys } from '../../state/keys';
import { useLive } from '../../state/live';
import { clipPath, go, link, setQuery, useRoute } from '../../state/route';
import { useWords } from '../../words';
import { ActionSheet } from './ActionSheet';
import { Acts, can } from './Acts';
import { Brush } from './Brush';
import './clip.css';
import { Family } from './Family';
import { Player } from './Player';
import { Side } from './Side';
import { Spread } from './Spread';
import { cuesOf } from './time';
import { Unfinished } from './Unfinished';
import { ACTS, type Act, useWish } from './wish';

export default function ClipPage() {
  const say = useWords();
  const { id } = useRoute();
  const { data: video, isError } = useVideo(id);
  if (isError && !video) return <p className="page-note muted">{say('app.nothing')}</p>;
  if (!video) return null;
  return <Clip key={id} video={video} />;
}

function Clip({ video }: { video: Video }) {
  const say = useWords();
  const { query } = useRoute();
  const recipe = useRecipe(video).data;
  const card = useCards().data?.find((one) => one.name === video.kinema.model);
  const done = video.status === 'completed' && video.kinema.state !== 'expired';
  const asked = ACTS.find((one) => one === query.get('do'));
  const act = done && asked && can(card, asked) ? asked : null;
  const choose = (next: Act | null) => setQuery({ do: next === act ? null : next });
  const again = () => {
    writeAgain(say, video);
    go('/');
  };
  useClipKeys(video, act, choose);
  return (
    <div className={`clip ${act ? 'doing' : ''}`}>
      <div className="clip-main">
        <Head video={video} done={done} />
        {done ? (
          <Doing video={video} recipe={recipe} card={card} act={act} choose={choose} />
        ) : (
          <Unfinished video={video} />
        )}
        <Spread video={video} />
        <Family video={video} />
      </div>
      <Side video={video} recipe={recipe} onAgain={again} />
    </div>
  );
}

interface DoingProps {
  video: Video;
  recipe: Recipe | undefined;
  card: ModelCard | undefined;
  act: Act | null;
  choose: (act: Act | null) => void;
}

/** The player with the actions under it; what a sheet is about is seen on the picture. */
function Doing({ video, recipe, card, act, choose }: DoingProps) {
  const say = useWords();
  const fps = fpsOf(recipe);
  const [brush, setBrush] = useState(0.1);
  const [wish, change] = useWish(act ?? 'remix', video);
  const isPart = act === 'loop' || act === 'recut';
  const cards = (recipe?.request.cards ?? []) as Parameters<typeof cuesOf>[0];
  const painting = act === 'edit' && wish.where === 'brush';
  const over = painting ? (
    <Brush
      video={video}
      strokes={wish.strokes}
      width={brush}
      onPaint={(strokes, mask) => change({ strokes, mask })}
    />
  ) : undefined;
  return (
    <>
      <Player
        video={video}
        fps={fps}
        cues={cuesOf(cards)}
        part={isPart ? { start: wish.start * fps, end: wish.end * fps } : null}
        onPart={
          isPart
            ? ({ start, end }) =>
                change({ start: act === 'loop' ? 0 : start / fps, end: end / fps })
            : null
        }
        over={over}
      />
      <Acts video={video} card={card} chosen={act} onChoose={choose} />
      {act ? (
        <ActionSheet
          key={act}
          act={act}
          video={video}
          recipe={recipe}
          card={card}
          fps={fps}
          brush={brush}
          onBrush={setBrush}
        />
      ) : (
        <button type="button" className="slim" onClick={() => choose('remix')}>
          <Icon name="plus" />
          <span>{say('prompt.change')}</span>
          <kbd aria-hidden="true">/</kbd>
        </button>
      )}
    </>
  );
}

function Head({ video, done }: { video: Video; done: boolean }) {
  const say = useWords();
  const { number } = video.kinema;
  return (
    <nav className="crumb" aria-label={say('clip.crumb')}>
      <a className="crumb-back" {...link('/')}>
        <Icon name="back" size={15} />
        {say('nav.library')}
      </a>
      {number === null ? null : <span className="muted">{say('clip.number', { n: number })}</span>}
      <span className="grow" />
      {done ? (
        <>
          <span className="sealed">
            <Icon name="verify" size={18} />
            <span className="wide-only">{say('plate.seal')}</span>
          </span>
          <button
            type="button"
            className="btn line"
            aria-label={say('plate.download')}
            onClick={() => download(video)}
          >
            <Icon name="download" size={16} />
            <span className="roomy">{say('plate.download')}</span>
          </button>
          <Menu<string>
            label={say('plate.more')}
            className="icon-btn"
            look="acts-menu"
            below
            shown={<Icon name="more" />}
            items={clipItems(say)}
            onPick={(pick) => (pick === 'delete' ? leave(say, video.id) : doAct(say, video, pick))}
          />
        </>
      ) : (
        <button
          type="button"
          className="icon-btn"
          aria-label={say('plate.delete')}
          title={say('plate.delete')}
          onClick={() => leave(say, video.id)}
        >
          <Icon name="trash" />
        </button>
      )}
    </nav>
  );
}

/** Delete the clip of this page, in a way that can be undone from the next. */
function leave(say: ReturnType<typeof useWords>, id: string): void {
  deleteWithUndo(say, id);
  go('/');
}

const LETTERS: Record<string, Act> = { r: 'remix', x: 'extend', e: 'edit', b: 'blend', t: 'recut' };

function useClipKeys(video: Video, act: Act | null, choose: (act: Act | null) => void): void {
  const say = useWords();
  const hidden = useLive((live) => live.hidden);
  const { videos } = useVideos();
  const near = (by: 1 | -1) => {
    const seen = videos.filter((one) => one.status === 'completed' && !hidden[one.id]);
    const next = seen[seen.findIndex((one) => one.id === video.id) + by];
    if (next) go(clipPath(next.id));
  };
  const letters = Object.entries(LETTERS).map(([key, one]) => [key, () => choose(one)] as const);
  const hasPart = act === 'loop' || act === 'recut';
  useKeys({
    ...Object.fromEntries(letters),
    ...(hasPart ? {} : { o: () => choose('loop') }),
    '/': () =>
      act ? document.querySelector<HTMLElement>('.sheet textarea')?.focus() : choose('remix'),
    '[': () => near(-1),
    ']': () => near(1),
    p: () => video.kinema.source && go(clipPath(video.kinema.source)),
    Delete: () => leave(say, video.id),
  });
}
