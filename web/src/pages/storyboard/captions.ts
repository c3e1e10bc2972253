/** What is read at a frame: the words of lines, two rows at a time, each for its share of them. */
import { type Cut, on } from './cut';
import { type Project, wordsOf } from './document';

const ROWS = 2;
const WIDE = 42;
const UPRIGHT = 32;

export interface Cue {
  line: string;
  start: number;
  end: number;
  text: string;
  isTitle: boolean;
}

/** Words in rows of so many letters at most. */
export function rows(text: string, width: number): string[] {
  const found: string[] = [];
  let row = '';
  for (const word of text
    .trim()
    .split(/\s+/)
    .flatMap((one) => broken(one, width))) {
    if (row && row.length + 1 + word.length > width) {
      found.push(row);
      row = word;
    } else row = row ? `${row} ${word}` : word;
  }
  return [...found, row];
}

function broken(word: string, width: number): string[] {
  const letters = [...word];
  const parts: string[] = [];
  for (let at = 0; at < letters.length; at += width)
    parts.push(letters.slice(at, at + width).join(''));
  return parts;
}

/** All captions and titles of a cut in a language. */
export function cuesOf(project: Project, cut: Cut, language: string, isUpright: boolean): Cue[] {
  const cues: Cue[] = [];
  for (const { item, start, end } of on(cut, 'speech', 'overlay')) {
    const lines = rows(wordsOf(project, item.ref, language), isUpright ? UPRIGHT : WIDE);
    const blocks: string[][] = [];
    for (let at = 0; at < lines.length; at += ROWS) blocks.push(lines.slice(at, at + ROWS));
    const weight = (block: string[]) => block.reduce((sum, row) => sum + row.length, 0);
    const total = Math.max(
      1,
      blocks.reduce((sum, block) => sum + weight(block), 0),
    );
    let done = 0;
    for (const [at, block] of blocks.entries()) {
      const from = start + ((end - start) * done) / total;
      done += weight(block);
      const until = at === blocks.length - 1 ? end : start + ((end - start) * done) / total;
      const isTitle = project.lines?.[item.ref]?.kind === 'title';
      cues.push({ line: item.ref, start: from, end: until, text: block.join('\n'), isTitle });
    }
  }
  return cues;
}

export const shownAt = (cues: readonly Cue[], frame: number) =>
  cues.filter((cue) => cue.start <= frame && frame < cue.end && cue.text);
