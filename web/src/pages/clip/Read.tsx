/** How the prompt was read: each word over what it became, and what was replaced or left out. */

import { useCards } from '../../api/cards';
import type { Recipe, Video, Word } from '../../api/client';
import { useNames } from '../../api/library';
import { Icon } from '../../parts/Icon';
import { inkOf } from '../../parts/marks';
import { usePrefs } from '../../state/prefs';
import { go } from '../../state/route';
import { useWords } from '../../words';

interface ReadingOf {
  prompt?: string;
  words?: Word[];
  notes?: string[];
  cards?: ReadingOf[];
}

interface Props {
  video: Video;
  recipe: Recipe | undefined;
  onAgain: () => void;
}

export function Read({ video, recipe, onAgain }: Props) {
  const say = useWords();
  const reading = recipe?.reading as ReadingOf | null | undefined;
  const readings = reading?.cards ?? (reading?.words ? [reading] : []);
  if (!readings.length) return null;
  return (
    <section className="read" aria-labelledby="read-title">
      <h2 id="read-title">{say('read.title')}</h2>
      {readings.map((one, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cards have no other name
        <OneReading key={place} reading={one} video={video} onAgain={onAgain} />
      ))}
    </section>
  );
}

interface OneProps {
  reading: ReadingOf;
  video: Video;
  onAgain: () => void;
}

function OneReading({ reading, video, onAgain }: OneProps) {
  const say = useWords();
  const words = reading.words ?? [];
  const lost = words.filter((word) => word.how === 'unknown');
  const swapped = words.filter((word) => word.how === 'nearest');
  const model = video.kinema.model;
  // What is said below in words of its own is not said again.
  const rest = (reading.notes ?? []).filter(
    (note) => ![...lost, ...swapped].some((word) => note.includes(word.text)),
  );
  return (
    <>
      <p className="read-words" dir="auto">
        {words.map((word) => (
          <Read1 key={word.start} word={word} />
        ))}
      </p>
      <ul className="read-notes">
        {swapped.map((word) => (
          <li key={word.start}>
            <Icon name="remix" size={15} />
            <span>{say('read.swapped', { word: word.text, value: plain(word.value) })}</span>
            <button type="button" className="link" onClick={onAgain}>
              {say('read.change')}
            </button>
          </li>
        ))}
        {lost.map((word) => (
          <li key={word.start}>
            <Icon name="warn" size={15} />
            <span>{say('read.lost', { word: word.text, model })}</span>
            <OtherModel without={model} onAgain={onAgain} />
          </li>
        ))}
        {rest.map((note) => (
          <li key={note} lang="en">
            <Icon name="warn" size={15} />
            <span>{note}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Read1({ word }: { word: Word }) {
  const say = useWords();
  const ink = inkOf(word);
  if (word.slot === 'mark') return null; // a comma stands for nothing here
  if (!ink) return <span className="rw plain">{word.text}</span>;
  const under =
    ink === 'lost'
      ? say('read.leftOut')
      : ink === 'swap'
        ? `→ ${plain(word.value)}`
        : `${say(`ink.${ink}`)} · ${plain(word.value)}`;
  return (
    <span className={`rw k-${ink}`}>
      <b>{word.text}</b>
      <small>{under}</small>
    </span>
  );
}

/** A model of this server that reads any word. */
function OtherModel({ without, onAgain }: { without: string; onAgain: () => void }) {
  const say = useWords();
  const names = useNames().data;
  const cards = useCards().data ?? [];
  const other = cards.find(
    (one) => one.family !== 'storybook' && one.name !== without && names?.includes(one.name),
  );
  if (!other) return <span />;
  return (
    <button
      type="button"
      className="link"
      onClick={() => {
        onAgain();
        usePrefs.getState().write({ model: other.name });
        go('/');
      }}
    >
      {say('read.try', { model: other.name })}
    </button>
  );
}

const plain = (value: string) => value.replaceAll('_', ' ');
