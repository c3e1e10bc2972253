/** What was ordered while the server was away, kept in the browser and sent once when it is back. */
import { create } from 'zustand';
import { Refusal } from '../api/client';
import { type Order, order } from '../api/make';

const NAME = 'kinema-outbox';

interface Outbox {
  waiting: Order[];
  /** What the server refused when it was sent at last, with its reason. */
  refused: { what: Order; reason: string }[];
}

export const useOutbox = create<Outbox>()(() => ({ waiting: kept(), refused: [] }));

function kept(): Order[] {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? '[]') as Order[];
  } catch {
    return [];
  }
}

function keep(waiting: Order[]): void {
  localStorage.setItem(NAME, JSON.stringify(waiting));
  useOutbox.setState({ waiting });
}

export function keepForLater(what: Order): void {
  keep([...kept(), what]);
}

/** Think better of the one at that place. */
export function discard(place: number): void {
  keep(kept().filter((_, at) => at !== place));
}

/** Let go of what was refused. */
export function forgetRefused(what: Order): void {
  useOutbox.setState(({ refused }) => ({ refused: refused.filter((one) => one.what !== what) }));
}

/**
 * Send what waits, each once: one tab at a time does it, and an order whose answer was lost is
 * known again by the server. What is refused is shown, and holds nothing else up.
 */
export async function sendKept(): Promise<void> {
  await navigator.locks.request(NAME, async () => {
    for (let first = kept()[0]; first; first = kept()[0]) {
      const what = first;
      try {
        await order(what, { again: true });
      } catch (error) {
        const said = error as Refusal;
        if (!(error instanceof Refusal) || said.status === 0 || said.status >= 500) throw error;
        useOutbox.setState(({ refused }) => ({
          refused: [...refused, { what, reason: said.message }],
        }));
      }
      discard(0);
    }
  });
}

/** See what another tab keeps or has sent. */
export function followOutbox(): void {
  addEventListener('storage', ({ key }) => {
    if (key === NAME) useOutbox.setState({ waiting: kept() });
  });
}
