/** Where things lie on the time line, in pixels, and how moments are written. */

import type { Cut, Placed } from './cut';
import { toNumber } from './exact';

export const SCALES = [6, 10, 16, 26, 43, 70, 112] as const;
/** Pixels around the cards: names of tracks, and the place for a new card. */
export const MARGIN = 190;

const NARROWEST = 2;

/** The nearest scale at which a film is seen in whole, but none at which cards cannot be read. */
export function fitting(seconds: number, width: number): number {
  const found = SCALES.findLastIndex((pixels) => seconds * pixels + MARGIN <= width);
  return Math.max(NARROWEST, found);
}

/** Frames a second as a number, for places on the screen only. */
export const rateOf = (cut: Cut) => toNumber(cut.fps);

/** Hours, minutes, seconds and frames; frames count up to the rate rounded up. */
export function timecode(frame: number, rate: number): string {
  const base = Math.max(1, Math.ceil(rate));
  const two = (value: number) => String(value).padStart(2, '0');
  const seconds = Math.floor(frame / base);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}:${two(frame % base)}`;
  return seconds >= 3600 ? `${two(Math.floor(seconds / 3600))}:${rest}` : rest;
}

export interface Mark {
  left: number;
  /** What stands beside a long mark, null at a short one. */
  text: string | null;
}

/** Marks of the ruler: one a second where there is room, with words every fifth. */
export function ruler(seconds: number, pixels: number): Mark[] {
  const step = [1, 2, 5, 10, 30, 60].find((one) => one * pixels >= 9) ?? 60;
  const marks: Mark[] = [];
  for (let at = 0; at <= seconds; at += step) {
    const isLong = at % (step * 5) === 0;
    const text = `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
    marks.push({ left: at * pixels, text: isLong ? text : null });
  }
  return marks;
}

/** The card at a frame, the last one after the end. */
export function cardAt(cards: readonly Placed[], frame: number): number {
  const found = cards.findIndex((one) => frame < one.end);
  return found < 0 ? cards.length - 1 : found;
}

/** In front of which card one that is let go there belongs; null is the end. */
export function dropBefore(cards: readonly Placed[], moved: string, frame: number): string | null {
  const rest = cards.filter((one) => one.item.id !== moved);
  return rest.find((one) => frame < (one.start + one.end) / 2)?.item.id ?? null;
}
