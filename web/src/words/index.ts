/** Words in the chosen language. English comes with the page, others when they are asked for. */
import { useMemo, useSyncExternalStore } from 'react';
import { usePrefs } from '../state/prefs';
import { en, type WordKey, type Words } from './en';

export type { WordKey } from './en';
export const LANGUAGES: Record<string, string> = { en: 'English', de: 'Deutsch' };
const LOADERS: Record<string, () => Promise<Words>> = {
  de: async () => (await import('./de')).de,
};

const loaded = new Map<string, Words>([['en', en]]);
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function load(language: string): void {
  const loader = LOADERS[language];
  if (!loader || loaded.has(language)) return;
  void loader().then((words) => {
    loaded.set(language, words);
    for (const listener of listeners) listener();
  });
}

/** The chosen language, else the browser's where there is one of ours, else English. */
export function useLanguage(): string {
  const chosen = usePrefs((prefs) => prefs.language);
  if (chosen && chosen in LANGUAGES) return chosen;
  return navigator.languages.map((one) => one.slice(0, 2)).find((one) => one in LANGUAGES) ?? 'en';
}

export type Say = (key: WordKey, values?: Record<string, string | number>) => string;

/** A text with its {gaps} filled. */
export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
}

export function useWords(): Say {
  const language = useLanguage();
  load(language);
  const words = useSyncExternalStore(subscribe, () => loaded.get(language) ?? en);
  return useMemo(() => (key, values) => fill(words[key], values), [words]);
}

/** A word for a name that comes from the server, or the name itself where we have none. */
export function named(say: Say, prefix: string, name: string): string {
  const key = `${prefix}.${name}`;
  return key in en ? say(key as WordKey) : name.replaceAll('_', ' ');
}

/** A length of time in words, as short as can be. */
export function lasting(say: Say, seconds: number): string {
  const whole = Math.max(0, seconds);
  if (whole < 10) return say('common.seconds', { n: (Math.round(whole * 10) / 10).toString() });
  if (whole < 60) return say('common.seconds', { n: Math.round(whole) });
  const minutes = Math.floor(whole / 60);
  const rest = Math.round(whole % 60);
  if (whole < 3600) {
    const said = say('common.minutes', { n: minutes });
    return rest ? `${said} ${say('common.seconds', { n: rest })}` : said;
  }
  return say('common.hours', { n: Math.round(whole / 360) / 10 });
}

/** A number of bytes, as people say it. */
export function sized(say: Say, bytes: number): string {
  const gigabytes = bytes / 1e9;
  if (gigabytes >= 1) return say('common.gigabytes', { n: gigabytes.toFixed(1) });
  return say('common.megabytes', { n: (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0) });
}

/** How long ago a time in seconds was. */
export function ago(say: Say, at: number): string {
  const passed = Date.now() / 1000 - at;
  if (passed < 60) return say('common.justNow');
  if (passed < 3600) return say('common.minutes', { n: Math.floor(passed / 60) });
  if (passed < 86_400) return say('common.hours', { n: Math.floor(passed / 3600) });
  return say('common.days', { n: Math.floor(passed / 86_400) });
}
