/** The library: everything that was made, and the bar where the next clip begins. */
import { useCallback, useMemo, useState } from 'react';
import { useVideos } from '../../api/library';
import { Icon } from '../../parts/Icon';
import { PromptBar } from '../../parts/PromptBar';
import { deleteWithUndo, favour } from '../../parts/plate/acts';
import { Queue } from '../../parts/Queue';
import { useKeys } from '../../state/keys';
import { useLive } from '../../state/live';
import { usePrefs } from '../../state/prefs';
import { go, link } from '../../state/route';
import { useWords } from '../../words';
import { Filters, Tools, useSought } from './Filters';
import { Blank, Empty, Stale, useDrop } from './states';
import { Wall } from './Wall';

export default function Library() {
  const say = useWords();
  const sought = useSought();
  const asked = useVideos(sought);
  const hidden = useLive((live) => live.hidden);
  const rowHeight = usePrefs((prefs) => prefs.rowHeight);
  const [picked, setPicked] = useState<string[]>([]);
  const { over } = useDrop();
  const isSearch = Object.keys(sought).length > 0;
  const { videos, hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const shown = useMemo(
    () => videos.filter((one) => one.status !== 'failed' && !hidden[one.id]),
    [videos, hidden],
  );
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const pick = useCallback(
    (id: string) =>
      setPicked((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id])),
    [],
  );

  const focused = () => document.activeElement?.closest<HTMLElement>('[data-clip]')?.dataset.clip;
  useKeys({
    s: () => {
      const id = focused();
      if (id) pick(id);
    },
    f: () => {
      const video = shown.find((one) => one.id === focused());
      if (video) favour(say, video);
    },
    c: () => picked.length > 1 && go(`/compare?ids=${picked.join(',')}`),
    Delete: () => {
      const id = focused();
      if (id) deleteWithUndo(say, id);
    },
  });

  const isEmpty = asked.isSuccess && !isSearch && shown.length === 0;
  return (
    <div className={`lib ${over ? 'dropping' : ''}`} data-drop={say('lib.drop')}>
      <div>
        {asked.isError && asked.data ? (
          <Stale since={asked.errorUpdatedAt} onNow={() => void asked.refetch()} />
        ) : null}
        <div className={`head ${isEmpty ? 'sr' : ''}`}>
          <div>
            <h1>{say('lib.title')}</h1>
            <Count shown={shown.length} more={hasNextPage} />
          </div>
          {isEmpty ? null : <Tools />}
        </div>
        <Filters />
        {asked.isPending ? <Blank /> : null}
        {isEmpty ? <Empty /> : null}
        {isSearch && asked.isSuccess && !shown.length ? (
          <p className="muted">{say('lib.none')}</p>
        ) : null}
        <Wall videos={shown} rowHeight={rowHeight} picked={picked} onPick={pick} onEnd={more} />
      </div>
      <Queue />
      {picked.length ? <Selection ids={picked} onClear={() => setPicked([])} /> : null}
      <div className="dock">
        <PromptBar />
      </div>
    </div>
  );
}

function Count({ shown, more }: { shown: number; more: boolean }) {
  const say = useWords();
  const text =
    shown === 1 ? say('lib.countOne') : say(more ? 'lib.countMore' : 'lib.count', { n: shown });
  return <p className="muted">{text}</p>;
}

function Selection({ ids, onClear }: { ids: readonly string[]; onClear: () => void }) {
  const say = useWords();
  return (
    <div className="selbar" role="status">
      {say('sel.count', { n: ids.length })}
      {ids.length > 1 ? (
        <a className="btn line small" {...link(`/compare?ids=${ids.join(',')}`)}>
          <Icon name="compare" size={16} />
          {say('plate.compare')}
        </a>
      ) : null}
      <button
        type="button"
        className="btn line small"
        onClick={() => {
          for (const id of ids) deleteWithUndo(say, id);
          onClear();
        }}
      >
        <Icon name="trash" size={16} />
        {say('plate.delete')}
      </button>
      <button type="button" className="btn small" onClick={onClear}>
        {say('sel.clear')}
      </button>
    </div>
  );
}
