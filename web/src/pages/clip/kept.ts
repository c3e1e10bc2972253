/** What stays and what may change when an action is taken, before it is. */
import type { Word } from '../../api/client';
import type { WordKey } from '../../words';
import type { Act, Wish } from './wish';

export interface Keeping {
  stays: boolean;
  word: WordKey;
  values?: Record<string, string>;
}

/** Above this strength a remix places everybody anew: the same figure as the model's own. */
const NEW_STAGING_ABOVE = 0.7;
const FACTS = ['setting', 'time', 'season', 'weather', 'camera', 'style'];

/** The subjects of a prompt, each once. */
export function subjectsOf(words: readonly Word[]): string[] {
  const subjects = words.filter((word) => word.slot === 'subject' && word.value);
  return [...new Set(subjects.map((word) => word.value.replaceAll('_', ' ')))];
}

/** The facts that the new words name, each with what it was where that is known. */
export function differences(before: readonly Word[], after: readonly Word[]): Keeping[] {
  return FACTS.flatMap((slot) => {
    const now = after.find((word) => word.slot === slot && word.value)?.value;
    const was = before.find((word) => word.slot === slot && word.value)?.value;
    if (!now || now === was) return [];
    const values = { slot, was: plain(was ?? ''), now: plain(now) };
    return [{ stays: false, word: was ? 'kept.fromTo' : 'kept.to', values } as const];
  });
}

/** What a model that draws scenes keeps. */
export function keeps(
  act: Act,
  wish: Wish,
  before: readonly Word[],
  after: readonly Word[],
): Keeping[] {
  const stay = (word: WordKey, values?: Record<string, string>): Keeping => ({
    stays: true,
    word,
    ...(values ? { values } : {}),
  });
  const change = (word: WordKey): Keeping => ({ stays: false, word });
  const named = differences(before, after);
  if (act === 'remix') {
    const isNew = wish.strength > NEW_STAGING_ABOVE || wish.seed !== null;
    const staging =
      wish.strength > NEW_STAGING_ABOVE ? change('kept.newPlaces') : stay('kept.staging');
    const scenery = isNew ? change('kept.newScenery') : stay('kept.scenery');
    return [staging, scenery, stay('kept.faces'), stay('kept.length'), ...named];
  }
  if (act === 'extend') return [stay('kept.everyFrame'), change('kept.longer'), ...named];
  if (act === 'loop') return [stay('kept.scene'), change('kept.ends')];
  if (act === 'blend') return [stay('kept.both')];
  if (act === 'recut') return [stay('kept.part'), change('kept.rest'), ...named];
  if (wish.where === 'outside') return [stay('kept.scene'), change('kept.shape')];
  if (wish.where === 'brush') return [stay('kept.unpainted'), ...named];
  const touched = new Set(subjectsOf(after));
  const others = subjectsOf(before).filter((subject) => !touched.has(subject));
  return [
    ...others.map((subject) => stay('kept.subject', { subject })),
    stay('kept.motion'),
    ...named,
  ];
}

const plain = (value: string) => value.replaceAll('_', ' ');
