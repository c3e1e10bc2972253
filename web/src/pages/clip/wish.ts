/** What an action sheet asks for, kept while it is open, and the order that comes of it. */
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import type { Video } from '../../api/client';
import type { Order } from '../../api/make';

export const ACTS = ['remix', 'extend', 'edit', 'loop', 'blend', 'recut'] as const;
export type Act = (typeof ACTS)[number];
export type Where = 'anywhere' | 'brush' | 'subject' | 'outside';
export type Curve = 'transition' | 'mix' | 'dip';

/** A line of the brush: its width and its points, in shares of the picture. */
export interface Stroke {
  width: number;
  points: [x: number, y: number][];
}

export interface Wish {
  words: string;
  strength: number;
  /** New scenery: a seed of its own instead of the clip's. */
  seed: number | null;
  style: string | null;
  more: number;
  backward: boolean;
  where: Where;
  size: string;
  strokes: Stroke[];
  mask: string | null;
  start: number;
  end: number;
  second: string | null;
  curve: Curve;
}

/** How a sheet begins: that of a re-cut with the middle half kept. */
export function fresh(act: Act, video: Video): Wish {
  const seconds = Number(video.seconds);
  const isRecut = act === 'recut';
  return {
    words: '',
    strength: 0.5,
    seed: null,
    style: null,
    more: 4,
    backward: false,
    where: 'anywhere',
    size: '',
    strokes: [],
    mask: null,
    start: isRecut ? seconds / 4 : 0,
    end: isRecut ? (seconds * 3) / 4 : seconds,
    second: null,
    curve: 'transition',
  };
}

interface Wishes {
  kept: Record<string, Wish>;
  write: (act: Act, video: Video, change: Partial<Wish>) => void;
  forget: (act: Act, video: Video) => void;
}

const nameOf = (act: Act, video: Video) => `${video.id}/${act}`;

/** Survives a reload of its tab; the words of one sheet stay when another is opened. */
export const useWishes = create<Wishes>()(
  persist(
    (set) => ({
      kept: {},
      write: (act, video, change) =>
        set(({ kept }) => {
          const name = nameOf(act, video);
          return { kept: { ...kept, [name]: { ...fresh(act, video), ...kept[name], ...change } } };
        }),
      forget: (act, video) =>
        set(({ kept }) => {
          const { [nameOf(act, video)]: _gone, ...rest } = kept;
          return { kept: rest };
        }),
    }),
    { name: 'kinema-sheets', version: 1, storage: createJSONStorage(() => sessionStorage) },
  ),
);

export function useWish(act: Act, video: Video): [Wish, (change: Partial<Wish>) => void] {
  const kept = useWishes(({ kept }) => kept[nameOf(act, video)]);
  const write = useWishes(({ write }) => write);
  return [kept ?? fresh(act, video), (change) => write(act, video, change)];
}

/** The task of an action: edits are of three kinds. */
export function taskOf(act: Act, where: Where): NonNullable<Order['task']> {
  if (act !== 'edit') return act;
  return where === 'brush' ? 'region_edit' : where === 'outside' ? 'outpaint' : 'edit';
}

/** The order that a sheet stands for, null as long as something is missing. */
export function orderFor(
  act: Act,
  video: Video,
  wish: Wish,
  second?: Video,
  draws = true,
): Order | null {
  const words = wish.words.trim();
  const task = taskOf(act, wish.where);
  const order: Order = {
    task,
    video: { id: video.id },
    seed: wish.seed ?? video.kinema.seed,
    quality: video.kinema.quality as NonNullable<Order['quality']>,
    ...(words ? { prompt: words } : {}),
  };
  const whole = Number(video.seconds);
  switch (task) {
    case 'remix':
      if (!words) return null;
      return { ...order, strength: wish.strength, ...(wish.style ? { style: wish.style } : {}) };
    case 'extend':
      return {
        ...order,
        seconds: round(whole + wish.more),
        ...(wish.backward ? { direction: 'backward' as const } : {}),
      };
    case 'edit':
      if (!words && !wish.style) return null;
      return { ...order, ...(wish.style ? { style: wish.style } : {}) };
    case 'region_edit':
      return words && wish.mask ? { ...order, mask: { file_id: wish.mask } } : null;
    case 'outpaint':
      if (!wish.size || wish.size === video.size) return null;
      return { ...wordless(order, draws), size: wish.size };
    case 'loop':
      return { ...wordless(order, draws), seconds: round(wish.end) };
    case 'blend':
      if (!second) return null;
      return {
        ...wordless(order, draws),
        second: { id: second.id },
        seconds: Math.max(whole, Number(second.seconds)),
        ...(wish.curve === 'transition' ? {} : { curve: wish.curve }),
      };
    case 'recut':
      if (wish.end <= wish.start || wish.end - wish.start >= whole) return null;
      return { ...order, keep: { start: round(wish.start), end: round(wish.end) } };
    default:
      return null;
  }
}

/** A model that draws scenes has no use for words in these tasks, others have. */
function wordless({ prompt, ...order }: Order, draws: boolean): Order {
  return draws || !prompt ? order : { ...order, prompt };
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000;

/** How far a remix goes, in a word. */
export const STRENGTHS = [
  ['subtle', 0.25],
  ['mild', 0.5],
  ['strong', 0.75],
] as const;

export function strengthWord(strength: number): (typeof STRENGTHS)[number][0] {
  const [first, ...rest] = STRENGTHS;
  return rest.reduce<(typeof STRENGTHS)[number]>(
    (best, one) => (Math.abs(one[1] - strength) < Math.abs(best[1] - strength) ? one : best),
    first,
  )[0];
}
