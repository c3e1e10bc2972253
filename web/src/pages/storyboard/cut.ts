/**
 * When everything is seen and heard, in frames: the anchors of a document solved for one language,
 * by the same rules as the server's, so that a card that is dragged moves what hangs on it at once.
 */
import {
  baseLanguage,
  type Item,
  MAIN,
  type Project,
  type Shot,
  type Track,
  type TrackKind,
  tracksOf,
  wordsOf,
} from './document';
import {
  ceil,
  type Exact,
  exact,
  less,
  minus,
  most,
  nearest,
  over,
  plus,
  ratio,
  sure,
  times,
  whole,
  ZERO,
} from './exact';

/** The pace at which people speak and read. */
const LETTERS_A_SECOND = 15;
const LEAST = ratio(6n, 5n);
const BETWEEN = ratio(1n, 4n);

/** An item in frames of the film, from `start` up to `end`. */
export interface Placed {
  item: Item;
  start: number;
  end: number;
  /** Frame of the shot that is shown at `start`; below 0 inside its head handle. */
  first: number;
}
export interface Cut {
  fps: Exact;
  frames: number;
  tracks: { track: Track; items: Placed[] }[];
}

/** A moment that cannot be worked out, with the path of the item it belongs to. */
export class Unsolved extends Error {
  readonly at: string;

  constructor(at: string, problem: string) {
    super(problem);
    this.at = at;
  }
}

const letters = (text: string) => [...text].length;

/** How long a text takes to say or to read. */
export function spokenSeconds(text: string): Exact {
  const said = text.trim().split(/\s+/).join(' ');
  return most(LEAST, ratio(BigInt(letters(said)), BigInt(LETTERS_A_SECOND)));
}

/** Length of a shot: its seconds, or what its lines take with silence around them. */
export function shotFrames(project: Project, shot: Shot, language: string): number {
  const { seconds, lines = [], head, tail } = shot.length ?? {};
  let talk = ZERO;
  if (lines.length) {
    talk = plus(sure(head, '3/10'), sure(tail, '2/5'));
    for (const line of lines) talk = plus(talk, spokenSeconds(wordsOf(project, line, language)));
    talk = plus(talk, times(BETWEEN, whole(lines.length - 1)));
  }
  return Math.max(1, ceil(times(most(sure(seconds), talk), fpsOf(project))));
}

export const fpsOf = (project: Project) => sure(project.look?.fps, '24');

/** The items of all tracks of a kind. */
export const on = (cut: Cut, ...kinds: TrackKind[]): Placed[] =>
  cut.tracks.flatMap(({ track, items }) => (kinds.includes(track.kind) ? items : []));

/** Frames of an item's transition before its cut; the rest of them are after it. */
export const leadOf = ({ item, start }: Placed) =>
  item.transition && start ? Math.floor(item.transition.frames / 2) : 0;

/**
 * Put every item into frames. Throws `Unsolved` where an anchor cannot be read, leads nowhere, asks
 * for itself, or puts a shot over another.
 */
export function solve(project: Project, language = baseLanguage(project)): Cut {
  return new Solver(project, language).cut();
}

const TERM =
  /([+-]?)\s*(?:(\d{1,7})f|(\d{1,6}(?:\.\d{1,9}|\/[1-9]\d{0,8})?)s|sequence\.(start|end)|(shot|line|item)\.([a-z0-9][a-z0-9._-]*)\.(start|end)|word\("([^"]{1,80})",\s*line\.([a-z0-9][a-z0-9._-]*)\)\.(start|end))\s*/y;

class Solver {
  private readonly fps: Exact;
  private readonly tracks: Track[];
  private readonly items = new Map<string, Item>();
  private readonly before = new Map<string, Item | undefined>();
  private readonly kinds = new Map<string, TrackKind>();
  private readonly byRef = new Map<string, Item>();
  private readonly known = new Map<string, Exact>();
  private readonly asked: string[] = [];
  private readonly project: Project;
  private readonly language: string;

  constructor(project: Project, language: string) {
    this.project = project;
    this.language = language;
    this.fps = fpsOf(project);
    this.tracks = tracksOf(project);
    for (const track of this.tracks) {
      let last: Item | undefined;
      for (const item of track.items ?? []) {
        this.items.set(item.id, item);
        this.before.set(item.id, last);
        this.kinds.set(item.id, track.kind);
        if (!this.byRef.has(item.ref)) this.byRef.set(item.ref, item);
        last = item;
      }
    }
  }

  cut(): Cut {
    const tracks = this.tracks.map((track) => ({
      track,
      items: (track.items ?? []).map((item) => this.placed(item)),
    }));
    let frames = 0;
    for (const { track, items } of tracks) {
      if (track.kind !== 'picture') continue;
      let reach = 0;
      for (const placed of items) {
        if (placed.start < reach)
          throw this.problem(placed.item, 'begins before the card before it ends');
        reach = placed.end;
      }
      frames = Math.max(frames, reach);
    }
    return { fps: this.fps, frames, tracks };
  }

  private placed(item: Item): Placed {
    const start = nearest(times(this.edge(item, 'start'), this.fps));
    const end = Math.max(start + 1, nearest(times(this.edge(item, 'end'), this.fps)));
    return { item, start, end, first: item.trim?.start ?? 0 };
  }

  private edge(item: Item, side: 'start' | 'end'): Exact {
    const key = `${item.id}.${side}`;
    const known = this.known.get(key);
    if (known) return known;
    if (this.asked.includes(key))
      throw this.problem(item, `asks for itself: ${[...this.asked, key].join(' → ')}`);
    this.asked.push(key);
    const found = side === 'start' ? this.start(item) : this.end(item);
    this.asked.pop();
    this.known.set(key, found);
    return found;
  }

  private start(item: Item): Exact {
    if (item.start !== undefined) {
      const start = this.moment(item.start, item);
      if (less(start, ZERO)) throw this.problem(item, 'begins before the film');
      return start;
    }
    const last = this.before.get(item.id);
    return last ? this.edge(last, 'end') : ZERO;
  }

  private end(item: Item): Exact {
    const start = this.edge(item, 'start');
    if (item.end === undefined) return plus(start, this.length(item));
    const end = this.moment(item.end, item);
    if (!less(start, end)) throw this.problem(item, 'ends before it begins');
    return end;
  }

  private length(item: Item): Exact {
    if (this.kinds.get(item.id) === 'picture') {
      const frames = item.trim
        ? item.trim.frames
        : shotFrames(this.project, this.project.shots?.[item.ref] ?? {}, this.language);
      return over(whole(frames), this.fps);
    }
    if (this.project.lines?.[item.ref]) return spokenSeconds(this.words(item.ref));
    const left = minus(this.whole(), this.edge(item, 'start'));
    if (!less(ZERO, left)) throw this.problem(item, 'begins after the film');
    return left;
  }

  private whole(): Exact {
    let end = ZERO;
    for (const track of this.tracks) {
      const last = track.items?.at(-1);
      if (track.kind === 'picture' && last) end = most(end, this.edge(last, 'end'));
    }
    return end;
  }

  private words(line: string): string {
    return wordsOf(this.project, line, this.language);
  }

  private moment(text: string, item: Item): Exact {
    let total = ZERO;
    let at = 0;
    while (at < text.length || at === 0) {
      TERM.lastIndex = at;
      const term = TERM.exec(text);
      if (!term || (at && !term[1])) throw this.problem(item, `cannot read “${text}”`);
      const value = this.term(term, item);
      total = term[1] === '-' ? minus(total, value) : plus(total, value);
      at = TERM.lastIndex;
    }
    return total;
  }

  private term(term: RegExpExecArray, item: Item): Exact {
    const [, , frames, seconds, edge, kind, id = '', side, word, of = '', wordSide] = term;
    if (frames !== undefined) return over(whole(Number(frames)), this.fps);
    if (seconds !== undefined) return exact(seconds) ?? ZERO;
    if (edge) return edge === 'start' ? ZERO : this.whole();
    if (word !== undefined) return this.word(word, of, wordSide === 'end', item);
    const found = kind === 'item' ? this.items.get(id) : this.byRef.get(id);
    if (!found) throw this.problem(item, `there is no ${kind} “${id}”`);
    return this.edge(found, side === 'end' ? 'end' : 'start');
  }

  /** A word's moment: its share of the letters of the line. */
  private word(word: string, line: string, isEnd: boolean, item: Item): Exact {
    const said = this.byRef.get(line);
    const text = said && this.project.lines?.[line] ? this.words(line) : '';
    const form = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const match = new RegExp(`(?<![\\p{L}\\p{N}_])${form}(?![\\p{L}\\p{N}_])`, 'iu').exec(text);
    if (!said || !match) throw this.problem(item, `“${line}” does not say “${word}”`);
    const at = letters(text.slice(0, match.index + (isEnd ? match[0].length : 0)));
    const [start, end] = [this.edge(said, 'start'), this.edge(said, 'end')];
    const share = ratio(BigInt(at), BigInt(letters(text)));
    return plus(start, times(minus(end, start), share));
  }

  private problem(item: Item, what: string): Unsolved {
    return new Unsolved(`sequences/${MAIN}/items/${item.id}`, what);
  }
}
