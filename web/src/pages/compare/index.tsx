/** Clips beside each other, under one scrubber. */
import { useQueries } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, take, type Video } from '../../api/client';
import { fpsOf, orderOf, useRecipe } from '../../api/clip';
import { KEYS, setFavourite, vary } from '../../api/library';
import { finish, type Order, useEstimate } from '../../api/make';
import { Icon } from '../../parts/Icon';
import { Tabs } from '../../parts/Tabs';
import { useKeys } from '../../state/keys';
import { go, link, setQuery, useRoute } from '../../state/route';
import { useToasts } from '../../state/toasts';
import { lasting, useWords } from '../../words';
import { FrameStrip } from '../clip/FrameStrip';
import { faster } from '../clip/playback';
import { timecode } from '../clip/time';
import './compare.css';
import { Differ } from './Differ';
import { Grid, Pair, PairPicker } from './Screens';
import { useTogether } from './together';

const MODES = ['grid', 'wipe', 'difference'] as const;
type Mode = (typeof MODES)[number];
const FINAL = { wide: '1920x1080', tall: '1080x1920', square: '1080x1080' };

export default function Compare() {
  const say = useWords();
  const { query } = useRoute();
  const ids = (query.get('ids') ?? '').split(',').filter(Boolean).slice(0, 9);
  const asked = useQueries({
    queries: ids.map((id) => ({
      queryKey: KEYS.video(id),
      queryFn: () => take(api.GET('/v1/videos/{video_id}', { params: { path: { video_id: id } } })),
    })),
  });
  const videos = asked.flatMap(({ data }) =>
    data?.status === 'completed' && data.kinema.state !== 'expired' ? [data] : [],
  );
  const isAll = asked.every((one) => !one.isPending);
  const [first, ...others] = videos;
  const shared = others.every((one) => one.prompt === first?.prompt);
  if (isAll && videos.length < 2) {
    return (
      <div className="page-note muted">
        <p>{say('compare.two')}</p>
        <a className="link" {...link('/')}>
          {say('nav.library')}
        </a>
      </div>
    );
  }
  return (
    <div className="compare">
      <a className="crumb-back" {...link('/')}>
        <Icon name="back" size={15} />
        {say('nav.library')}
      </a>
      {isAll && first ? (
        <Together
          key={videos.map((one) => one.id).join()}
          videos={videos}
          lead={first}
          title={(shared && first.prompt) || say('plate.compare')}
        />
      ) : null}
    </div>
  );
}

interface Props {
  videos: Video[];
  lead: Video;
  title: string;
}

function Together({ videos, lead, title }: Props) {
  const say = useWords();
  const { query } = useRoute();
  const box = useRef<HTMLDivElement>(null);
  const mode = MODES.find((one) => one === query.get('view')) ?? 'grid';
  const [chosen, setChosen] = useState<readonly [Video, Video] | null>(null);
  const pair = chosen ?? ([lead, videos[1] ?? lead] as const);
  const [edge, setEdge] = useState(50);
  const kept = videos.filter((one) => one.kinema.favourite).map((one) => one.id);
  const fps = fpsOf(useRecipe(lead).data);
  const seconds = Math.min(...videos.map((one) => Number(one.seconds)));
  const frames = Math.max(1, Math.round(seconds * fps));
  const shown = mode === 'grid' ? mode : `${mode} ${pair[0].id} ${pair[1].id}`;
  const play = useTogether(box, { frames, fps, key: shown });
  const toggle = () => play.run(play.speed === 0 ? 1 : 0);
  const step = (by: number) => {
    play.run(0);
    play.seek(play.frame + by);
  };
  const view = (next: Mode) => {
    play.run(0);
    setQuery({ view: next === 'grid' ? null : next });
  };
  const keep = (id: string) => {
    const video = videos.find((one) => one.id === id);
    if (!video) return;
    setFavourite(video, !video.kinema.favourite).catch((error: Error) =>
      useToasts.getState().add(error.message),
    );
  };
  useKeys({
    ...Object.fromEntries(videos.map((one, place) => [String(place + 1), () => keep(one.id)])),
    w: () => view(mode === 'wipe' ? 'grid' : 'wipe'),
    d: () => view(mode === 'difference' ? 'grid' : 'difference'),
    k: toggle,
    j: () => play.run(faster(play.speed, -1)),
    l: () => play.run(faster(play.speed, 1)),
    ',': () => step(-1),
    '.': () => step(1),
  });
  return (
    <>
      <header className="head">
        <h1 className="storyline" dir="auto">
          {title}
        </h1>
        <div className="tools">
          {mode === 'grid' ? null : (
            <PairPicker
              videos={videos}
              pair={pair}
              onPick={(first, second) => setChosen([first, second])}
            />
          )}
          <Tabs
            label={say('compare.view')}
            value={mode}
            items={MODES.map((one) => [one, say(`compare.${one}`)] as const)}
            onPick={(one) => view(one as Mode)}
          />
        </div>
      </header>
      {mode === 'grid' ? (
        <Grid box={box} videos={videos} kept={kept} onKeep={keep} />
      ) : (
        <Pair box={box} mode={mode} pair={pair} edge={edge} onEdge={setEdge} />
      )}
      <Differ videos={videos} kept={kept} />
      <div className="compare-bar" data-frame={play.frame} data-settled={play.settled}>
        <button
          type="button"
          className="icon-btn"
          aria-label={say(play.speed ? 'compare.pause' : 'compare.play')}
          onClick={toggle}
        >
          <Icon name={play.speed ? 'pause' : 'play'} />
        </button>
        <span className="mono">{timecode(play.frame, fps)}</span>
        <FrameStrip
          video={lead}
          fps={fps}
          frames={frames}
          frame={play.frame}
          part={null}
          label={say('compare.time')}
          onSeek={(frame) => {
            play.run(0);
            play.seek(frame);
          }}
        />
        <Next
          kept={videos.filter((one) => kept.includes(one.id))}
          lead={lead}
          count={videos.length}
        />
      </div>
    </>
  );
}

/** What comes of it: more like those that are kept, or these in full. */
function Next({ kept, lead, count }: { kept: readonly Video[]; lead: Video; count: number }) {
  const say = useWords();
  const { add } = useToasts();
  const tell = (error: Error) => add(error.message);
  const seconds = useTime(kept[0] ?? lead, kept.length);
  const sent = (made: readonly Video[]) => {
    add(say('compare.sent', { n: made.length }));
    go('/');
  };
  const more = async () => {
    const made = await Promise.all(kept.map((one) => vary(one.id, kept.length > 1 ? 2 : 4)));
    sent(made.flat());
  };
  const full = async () => {
    const made = await Promise.all(kept.map((one) => finish([one.id], fullSize(one.size))));
    sent(made.flat());
  };
  return (
    <div className="compare-next">
      <span className="muted wide-only">
        <kbd>1</kbd> – <kbd>{count}</kbd> {say('compare.keys')} <kbd>W</kbd> {say('compare.wipe')}
      </span>
      <button
        type="button"
        className="btn line"
        disabled={!kept.length}
        onClick={() => void more().catch(tell)}
      >
        {say('compare.more')}
      </button>
      <button
        type="button"
        className="btn lamp"
        disabled={!kept.length}
        onClick={() => void full().catch(tell)}
      >
        {say('compare.finish', { n: kept.length })}
        {seconds === null ? '' : ` · ${lasting(say, seconds)}`}
      </button>
    </div>
  );
}

/** Seconds that it takes to make so many like this one in full, null where nobody knows. */
function useTime(video: Video, count: number): number | null {
  const recipe = useRecipe(video).data;
  const order = recipe ? orderOf(recipe) : null;
  const full: Order = { ...order, size: fullSize(video.size), quality: 'high' };
  const each = useEstimate(order && count ? full : null).data?.seconds ?? null;
  return each === null || !count ? null : each * count;
}

/** The size of 1080 lines in the shape of another. */
function fullSize(size: string): string {
  const [width = 16, height = 9] = size.split('x').map(Number);
  if (width === height) return FINAL.square;
  return width > height ? FINAL.wide : FINAL.tall;
}
