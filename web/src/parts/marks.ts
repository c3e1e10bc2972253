/** Which words of a prompt are underlined, and in which ink. */
import type { Word } from '../api/client';

export type Ink = 'who' | 'does' | 'where' | 'when' | 'air' | 'camera' | 'lost' | 'swap';

const SLOTS: Record<string, Ink> = {
  subject: 'who',
  character: 'who',
  action: 'does',
  setting: 'where',
  scenery: 'where',
  time: 'when',
  season: 'when',
  weather: 'air',
  light: 'air',
  camera: 'camera',
  shot: 'camera',
};

/** The ink of a word, null for words that are only there for grammar. */
export function inkOf(word: Pick<Word, 'slot' | 'how'>): Ink | null {
  if (word.how === 'unknown') return 'lost';
  if (word.how === 'nearest') return 'swap';
  return SLOTS[word.slot] ?? null;
}

export interface Piece {
  text: string;
  ink: Ink | null;
}

/** A text cut where its ink changes; words that are no longer there are passed over. */
export function pieces(text: string, words: readonly Word[]): Piece[] {
  const cut: Piece[] = [];
  let at = 0;
  for (const word of words) {
    const ink = inkOf(word);
    if (!ink || word.start < at || text.slice(word.start, word.end) !== word.text) continue;
    if (word.start > at) cut.push({ text: text.slice(at, word.start), ink: null });
    cut.push({ text: word.text, ink });
    at = word.end;
  }
  if (at < text.length) cut.push({ text: text.slice(at), ink: null });
  return cut;
}
