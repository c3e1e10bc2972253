/**
 * What happens on the server, once per browser: the tab that holds the lock keeps the one stream
 * open and tells the others, since a browser allows six connections to a host.
 */
export interface ServerEvent {
  type: string;
  /** The clip or the storyboard it is about, where it is about one. */
  id: string | null;
  data: Record<string, unknown>;
}

const TYPES = [
  'job.queued',
  'job.started',
  'job.progress',
  'job.preview',
  'job.paused',
  'job.resumed',
  'job.held',
  'job.completed',
  'job.failed',
  'job.cancelled',
  'queue.changed',
  'clip.created',
  'clip.updated',
  'clip.deleted',
  'worker.online',
  'worker.offline',
  'storyboard.created',
  'storyboard.changed',
  'storyboard.deleted',
  'card.changed',
  'export.changed',
  'reset',
] as const;

type Listener = (event: ServerEvent) => void;
const listeners = new Set<Listener>();

/** Be told of every event, until the returned function is called. */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(event: ServerEvent): void {
  for (const listener of listeners) listener(event);
}

/**
 * Begin. Types `online` and `offline` say whether the server can be heard, `locked` that it asks for
 * a key.
 */
export function startEvents(): void {
  const channel = new BroadcastChannel('kinema-events');
  channel.onmessage = (message: MessageEvent<ServerEvent>) => tell(message.data);
  const everywhere = (event: ServerEvent) => {
    tell(event);
    channel.postMessage(event);
  };
  if ('locks' in navigator) {
    void navigator.locks.request('kinema-events', () => {
      listen(everywhere);
      return new Promise<never>(() => undefined); // held until the tab is closed
    });
  } else {
    listen(tell);
  }
}

/** Whether the server is there, and asks for a key that this browser does not show. */
async function isLocked(): Promise<boolean> {
  try {
    return (await fetch('/v1/models')).status === 401;
  } catch {
    return false;
  }
}

function listen(say: Listener, isAgain = false): void {
  let wasAway = isAgain;
  const source = new EventSource('/v1/kinema/events');
  source.onopen = () => {
    say({ type: 'online', id: null, data: {} });
    if (wasAway) say({ type: 'reset', id: null, data: {} });
    wasAway = false;
  };
  source.onerror = () => {
    const isRefused = source.readyState === EventSource.CLOSED;
    const isFirst = !wasAway;
    wasAway = true;
    if (isRefused) {
      void isLocked().then((locked) =>
        say({ type: locked ? 'locked' : 'offline', id: null, data: {} }),
      );
      setTimeout(() => listen(say, true), 2000);
    } else if (isFirst) say({ type: 'offline', id: null, data: {} });
  };
  for (const type of TYPES) {
    source.addEventListener(type, (message: MessageEvent<string>) => {
      const data = JSON.parse(message.data) as Record<string, unknown>;
      const id = typeof data.id === 'string' ? data.id : null;
      say({ type, id, data });
    });
  }
}
