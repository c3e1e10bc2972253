/** The library: everything that was made, and the bar where the next clip begins. */
import { useCallback, useDeferredValue, useState } from 'react';
import { setFavourite, useFound, useVideos } from '../../api/library';
import { Icon } from '../../parts/Icon';
import { deleteWithUndo } from '../../parts/Plate';
import { PromptBar } from '../../parts/PromptBar';
import { Queue } from '../../parts/Queue';
import { Tabs } from '../../parts/Tabs';
import { useKeys } from '../../state/keys';
import { useLive } from '../../state/live';
import { usePrefs } from '../../state/prefs';
import { go, link, setQuery, useRoute } from '../../state/route';
import { useWords } from '../../words';
import { Wall } from './Wall';

export default function Library() {
  const say = useWords();
  const { query } = useRoute();
  const text = useDeferredValue(query.get('find') ?? '');
  const only = query.get('only') ?? 'everything';
  const videos = useVideos();
  const found = useFound(text, only === 'favourites');
  const hidden = useLive((live) => live.hidden);
  const { rowHeight, setRowHeight } = usePrefs();
  const [picked, setPicked] = useState<string[]>([]);

  const searching = text !== '' || only === 'favourites';
  const all = searching
    ? (found.data?.data ?? [])
    : (videos.data?.pages.flatMap((page) => page.data) ?? []);
  const shown = all.filter((one) => one.status !== 'failed' && !hidden[one.id]);
  const count = videos.data?.pages.reduce((sum, page) => sum + page.data.length, 0) ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = videos;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !searching) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, searching]);
  const pick = (id: string) =>
    setPicked((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]));

  const focused = () =>
    (document.activeElement?.closest('[data-clip]') as HTMLElement | null)?.dataset.clip;
  useKeys({
    s: () => {
      const id = focused();
      if (id) pick(id);
    },
    f: () => {
      const video = shown.find((one) => one.id === focused());
      if (video) void setFavourite(video, !video.kinema.favourite);
    },
    c: () => picked.length > 1 && go(`/compare?ids=${picked.join(',')}`),
    Delete: () => {
      const id = focused();
      if (id) deleteWithUndo(say, id);
    },
  });

  const isEmpty = videos.isSuccess && count === 0;
  return (
    <div className="lib">
      <div>
        {videos.isError && videos.data ? (
          <p className="notice" role="status">
            <Icon name="warn" />
            {say('lib.refresh')}
            <button type="button" className="link" onClick={() => void videos.refetch()}>
              {say('common.now')}
            </button>
          </p>
        ) : null}
        <div className="head">
          <div>
            <h1>{say('lib.title')}</h1>
            <p className="muted">
              {count === 1
                ? say('lib.countOne')
                : say(hasNextPage ? 'lib.countMore' : 'lib.count', { n: count })}
            </p>
          </div>
          <div className="tools">
            <Tabs
              label={say('lib.filter')}
              value={only}
              items={[
                ['everything', say('lib.everything')],
                ['favourites', say('lib.favourites')],
              ]}
              onPick={(value) => setQuery({ only: value === 'everything' ? null : value })}
            />
            <label className="search">
              <Icon name="search" size={16} />
              <input
                type="search"
                value={query.get('find') ?? ''}
                placeholder={say('lib.find')}
                aria-label={say('lib.find')}
                onChange={(event) => setQuery({ find: event.target.value || null })}
              />
            </label>
            <label className="zoom">
              <span className="sr">{say('lib.size')}</span>
              <input
                type="range"
                min={110}
                max={340}
                value={rowHeight}
                onChange={(event) => setRowHeight(Number(event.target.value))}
              />
            </label>
          </div>
        </div>
        {videos.isPending ? <Blank /> : null}
        {isEmpty ? <Empty /> : null}
        {searching && found.isSuccess && !shown.length ? (
          <p className="muted">{say('lib.none')}</p>
        ) : null}
        <Wall videos={shown} rowHeight={rowHeight} picked={picked} onPick={pick} onEnd={more} />
      </div>
      <Queue />
      {picked.length ? (
        <div className="selbar" role="status">
          {say('sel.count', { n: picked.length })}
          {picked.length > 1 ? (
            <a className="btn line small" {...link(`/compare?ids=${picked.join(',')}`)}>
              <Icon name="compare" size={16} />
              {say('plate.compare')}
            </a>
          ) : null}
          <button type="button" className="btn small" onClick={() => setPicked([])}>
            {say('sel.clear')}
          </button>
        </div>
      ) : null}
      <div className="dock">
        <PromptBar />
      </div>
    </div>
  );
}

function Empty() {
  const say = useWords();
  const write = usePrefs((prefs) => prefs.write);
  const starters = [say('lib.starter1'), say('lib.starter2'), say('lib.starter3')];
  return (
    <div className="empty">
      <h2>{say('lib.empty')}</h2>
      <div className="starters">
        {starters.map((text) => (
          <button key={text} type="button" onClick={() => write({ prompt: text })}>
            {text}
          </button>
        ))}
      </div>
    </div>
  );
}

function Blank() {
  return (
    <div className="row" aria-busy="true">
      {[0, 1, 2].map((one) => (
        <div key={one} className="grow">
          <div className="gate blank" style={{ aspectRatio: 16 / 9 }} />
          <span className="blank-line" />
        </div>
      ))}
    </div>
  );
}
