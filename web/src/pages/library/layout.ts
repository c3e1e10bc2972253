/** Where plates stand on the wall: pure arithmetic, so that a hundred thousand cost no layout. */
import { aspect, type Video } from '../../api/client';

export const GAP = 20;
/** Height of a plate's words under its picture, and the space below them. */
export const WORDS = 9 + 40 + 6 + 22 + 22;
const SPREAD_WORDS = 9 + 44 + 28;
const SPREAD_GAP = 3;
const DAY = 30;
/** A row that fills this share of the wall is stretched to fill all of it. */
const NEARLY = 0.75;

export interface Group {
  /** One clip, or the variations of one prompt. */
  videos: Video[];
  day: string;
}

export type Row =
  | { kind: 'day'; key: string; top: number; height: number; day: string }
  | {
      kind: 'plates';
      key: string;
      top: number;
      height: number;
      plates: { video: Video; width: number }[];
    }
  | { kind: 'spread'; key: string; top: number; height: number; videos: Video[] };

/** Variations of one prompt together, in the order of the list; days as YYYY-MM-DD. */
export function grouped(videos: readonly Video[], day: (seconds: number) => string): Group[] {
  const groups: Group[] = [];
  const spreads = new Map<string, Group>();
  for (const video of videos) {
    const { spread } = video.kinema;
    const known = spread ? spreads.get(spread) : undefined;
    if (known) {
      known.videos.unshift(video); // the list is newest first, a spread reads from the first seed
      continue;
    }
    const group = { videos: [video], day: day(video.created_at) };
    groups.push(group);
    if (spread) spreads.set(spread, group);
  }
  return groups;
}

/** Rows of a wall: `width` pixels wide, pictures about `height` high, `columns` for a spread. */
export function layOut(
  groups: readonly Group[],
  width: number,
  height: number,
): { rows: Row[]; total: number } {
  const rows: Row[] = [];
  let top = 0;
  let open: Video[] = [];
  let day: string | null = null;
  let held: Video[][] = []; // spreads that wait for the row above them to be full

  const flush = (full: boolean) => {
    const first = open[0];
    if (!first) return;
    const ratios = open.map((video) => aspect(video.size));
    const sum = ratios.reduce((all, one) => all + one, 0);
    const room = width - GAP * (open.length - 1);
    const high = full || sum * height > room * NEARLY ? room / sum : height;
    const plates = open.map((video, at) => ({ video, width: high * (ratios[at] ?? 1) }));
    rows.push({ kind: 'plates', key: first.id, top, height: high + WORDS, plates });
    top += high + WORDS;
    open = [];
  };

  const unfold = () => {
    for (const videos of held) {
      const first = videos[0];
      if (!first) continue;
      const across = spreadColumns(videos.length, width);
      const down = Math.ceil(videos.length / across);
      const one = (width - SPREAD_GAP * (across - 1)) / across / aspect(first.size);
      const high = down * one + SPREAD_GAP * (down - 1) + SPREAD_WORDS;
      rows.push({ kind: 'spread', key: first.id, top, height: high, videos });
      top += high;
    }
    held = [];
  };

  for (const group of groups) {
    if (group.day !== day) {
      flush(false);
      unfold();
      day = group.day;
      rows.push({ kind: 'day', key: `day ${day}`, top, height: DAY, day });
      top += DAY;
    }
    const [first] = group.videos;
    if (!first) continue;
    if (group.videos.length > 1) {
      held.push(group.videos);
      if (!open.length) unfold();
      continue;
    }
    open.push(first);
    const sum = open.reduce((all, video) => all + aspect(video.size), 0);
    if (sum * height + GAP * (open.length - 1) >= width) {
      flush(true);
      unfold();
    }
  }
  flush(false);
  unfold();
  return { rows, total: top };
}

/** How many variations stand beside each other. */
export function spreadColumns(count: number, width: number): number {
  return Math.min(count, width < 620 ? 2 : 4);
}

/** The rows that can be seen between two heights. */
export function visible(rows: readonly Row[], from: number, to: number): Row[] {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && row.top + row.height < from) low = middle + 1;
    else high = middle;
  }
  const seen: Row[] = [];
  for (let at = low; at < rows.length; at += 1) {
    const row = rows[at];
    if (!row || row.top > to) break;
    seen.push(row);
  }
  return seen;
}
