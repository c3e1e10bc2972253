/** Where one can go, by the rail, by keys, and by name. */
import type { WordKey } from '../words';
import type { IconName } from './Icon';

export interface Place {
  page: string;
  to: string;
  icon: IconName;
  word: WordKey;
}

export const PLACES: readonly Place[] = [
  { page: '', to: '/', icon: 'library', word: 'nav.library' },
  { page: 's', to: '/s', icon: 'board', word: 'nav.storyboard' },
  { page: 'live', to: '/live', icon: 'live', word: 'nav.live' },
  { page: 'characters', to: '/characters', icon: 'user', word: 'nav.characters' },
];

/** The letter after G -> where it goes. */
export const GO: Record<string, string> = {
  l: '/',
  s: '/s',
  c: '/compare',
  v: '/live',
  p: '/characters',
  e: '/settings',
};

/** Parts of the settings: where each stands on the page, and its name. */
export const SECTIONS: readonly (readonly [string, WordKey])[] = [
  ['look', 'settings.look'],
  ['models', 'settings.models'],
  ['workers', 'settings.workers'],
  ['storage', 'settings.storage'],
  ['keys', 'settings.keys'],
  ['webhooks', 'settings.webhooks'],
  ['marks', 'settings.marks'],
];
