/** What was ordered while the server was away, kept in the browser and sent once when it is back. */
import { type Order, order } from '../api/make';

const NAME = 'kinema-outbox';

function kept(): Order[] {
  return JSON.parse(localStorage.getItem(NAME) ?? '[]') as Order[];
}

export function keepForLater(what: Order): void {
  localStorage.setItem(NAME, JSON.stringify([...kept(), what]));
}

/** Send what waits, each once: one tab at a time takes from the box before it sends. */
export async function sendKept(): Promise<void> {
  await navigator.locks.request('kinema-outbox', async () => {
    for (;;) {
      const [first, ...rest] = kept();
      if (!first) return;
      localStorage.setItem(NAME, JSON.stringify(rest));
      try {
        await order(first);
      } catch (error) {
        localStorage.setItem(NAME, JSON.stringify([first, ...rest]));
        throw error;
      }
    }
  });
}
