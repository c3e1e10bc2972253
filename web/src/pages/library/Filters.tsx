/** What the library shows of itself; all of it stands in the address. */
import { useDeferredValue, useMemo } from 'react';
import { useCards } from '../../api/cards';
import { type Sought, useNames } from '../../api/library';
import { Icon } from '../../parts/Icon';
import { Menu } from '../../parts/Menu';
import { Tabs } from '../../parts/Tabs';
import { usePrefs } from '../../state/prefs';
import { setQuery, useRoute } from '../../state/route';
import { named, useWords, type WordKey } from '../../words';

const TASKS = [
  'text_to_video',
  'image_to_video',
  'remix',
  'extend',
  'edit',
  'loop',
  'blend',
  'recut',
  'stream',
] as const;

/** What the address asks for. */
export function useSought(): Sought {
  const { query } = useRoute();
  const text = useDeferredValue(query.get('find') ?? '').trim();
  const [only, task, model, style] = ['only', 'task', 'model', 'style'].map((one) =>
    query.get(one),
  );
  return useMemo(
    () => ({
      ...(text ? { text } : {}),
      ...(only === 'favourites' ? { favourite: true } : {}),
      ...(only === 'drafts' ? { quality: 'draft' as const } : {}),
      ...(task ? { task: task as NonNullable<Sought['task']> } : {}),
      ...(model ? { model } : {}),
      ...(style ? { style } : {}),
    }),
    [text, only, task, model, style],
  );
}

export function Tools() {
  const say = useWords();
  const { query } = useRoute();
  const { rowHeight, setRowHeight } = usePrefs();
  const isOpen = query.has('filters');
  return (
    <div className="tools">
      <Tabs
        label={say('lib.filter')}
        value={query.get('only') ?? 'everything'}
        items={[
          ['everything', say('lib.everything')],
          ['favourites', say('lib.favourites')],
          ['drafts', say('lib.drafts')],
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
          maxLength={200}
          onChange={(event) => setQuery({ find: event.target.value || null })}
        />
      </label>
      <button
        type="button"
        className="icon-btn"
        aria-label={say('lib.filters')}
        title={say('lib.filters')}
        aria-expanded={isOpen}
        aria-pressed={isOpen}
        onClick={() =>
          setQuery(
            isOpen ? { filters: null, task: null, model: null, style: null } : { filters: '' },
          )
        }
      >
        <Icon name="filter" />
      </button>
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
  );
}

export function Filters() {
  const say = useWords();
  const { query } = useRoute();
  const names = useNames().data ?? [];
  const cards = useCards().data ?? [];
  const styles = [...new Set(cards.flatMap((card) => card.styles ?? []))];
  const models = cards.filter((card) => names.includes(card.name)).map((card) => card.name);
  if (!query.has('filters')) return null;
  return (
    <div className="filters row">
      <Filter
        word="lib.made"
        name="task"
        items={TASKS.map((one) => [one, named(say, 'task', one)])}
      />
      <Filter word="lib.model" name="model" items={models.map((one) => [one, one])} />
      <Filter
        word="lib.style"
        name="style"
        items={styles.map((one) => [one, named(say, 'style', one)])}
      />
      <button
        type="button"
        className="link"
        onClick={() => setQuery({ filters: null, task: null, model: null, style: null })}
      >
        {say('lib.noFilters')}
      </button>
    </div>
  );
}

interface FilterProps {
  word: WordKey;
  name: string;
  items: readonly (readonly [value: string, label: string])[];
}

function Filter({ word, name, items }: FilterProps) {
  const say = useWords();
  const { query } = useRoute();
  const value = query.get(name) ?? '';
  const shown = items.find(([one]) => one === value)?.[1] ?? say('lib.any');
  return (
    <Menu<string>
      label={say(word)}
      below
      value={value}
      shown={
        <>
          <span aria-hidden="true">{say(word)}:</span> {shown}
          <Icon name="down" size={13} />
        </>
      }
      items={[
        { value: '', label: say('lib.any') },
        ...items.map(([one, label]) => ({ value: one, label })),
      ]}
      onPick={(pick) => setQuery({ [name]: pick || null })}
    />
  );
}
