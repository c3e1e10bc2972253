/** The address is the state: everything a page shows can be pasted to somebody else. */
import { type MouseEvent, useSyncExternalStore } from 'react';

export interface Route {
  /** The first piece of the path: '' is the library, 'c' a clip. */
  page: string;
  /** The second piece, often an id. */
  id: string;
  query: URLSearchParams;
}

const CHANGED = 'kinema:route';

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(CHANGED, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(CHANGED, listener);
  };
}

export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const url = new URL(address, location.origin);
  const [page = '', id = ''] = url.pathname.split('/').filter(Boolean);
  return { page, id: decodeURIComponent(id), query: url.searchParams };
}

/** Go to an address of the studio; `replace` leaves no step for Back. */
export function go(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  dispatchEvent(new Event(CHANGED));
  if (!replace) scrollTo(0, 0);
}

/** Change parameters of the address; null takes one away. */
export function setQuery(changes: Record<string, string | null>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  go(url.pathname + url.search, { replace: true });
}

/** Props of an anchor that goes to an address without loading the page again. */
export function link(to: string): { href: string; onClick: (event: MouseEvent) => void } {
  return {
    href: to,
    onClick: (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      go(to);
    },
  };
}

export const clipPath = (id: string, act?: string) => `/c/${id}${act ? `?do=${act}` : ''}`;
