/** What a stream and a window say to each other over the socket, beside the pictures. */
export type Told =
  | {
      event: 'ready';
      mime: string;
      size: string;
      fps: number;
      prompt: string;
      state: 'open' | 'held' | 'idle';
      at: number;
    }
  | { event: 'scene'; prompt: string; at: number; answer_ms: number | null }
  | { event: 'note'; prompt: string; message: string }
  | { event: 'refused'; prompt: string | null; message: string }
  | { event: 'stats'; fps: number; answer_ms: number | null; quality: Quality; late: number }
  | { event: 'held' | 'playing'; at: number }
  | { event: 'idle'; at: number; after: number }
  | { event: 'busy'; message: string }
  | { event: 'keeping'; start: number; end: number }
  | { event: 'kept'; clip: string; start: number; end: number }
  | { event: 'keep_failed'; start: number; end: number; message: string }
  | { event: 'restarted'; at: number; prompt: string }
  | { event: 'ended'; reason: string; message: string };

export type Quality = 'full' | '3/4' | '1/2';

export type Wish =
  | { do: 'steer'; prompt: string }
  | { do: 'hold' | 'play' | 'here' | 'end' }
  | { do: 'keep'; seconds: number }
  | { do: 'keep'; start: number; end: number }
  | { do: 'restart'; prompt?: string; seed?: number };

export interface Piece {
  prompt: string;
  start: number;
  /** Null where it still runs. */
  end: number | null;
  clips: string[];
}

/** What happened, on the reel: a new scene ends the one before it. */
export function onReel(reel: readonly Piece[], told: Told): Piece[] {
  if (told.event === 'scene' || told.event === 'restarted') {
    const last = reel.at(-1);
    if (last && last.end === null && last.prompt === told.prompt) return [...reel];
    const ended = reel.map((one) => (one.end === null ? { ...one, end: told.at } : one));
    return [...ended, { prompt: told.prompt, start: told.at, end: null, clips: [] }];
  }
  if (told.event === 'kept') {
    return reel.map((one) => {
      const end = one.end ?? Number.POSITIVE_INFINITY;
      const isIn = told.start < end && told.end > one.start;
      return isIn && !one.clips.includes(told.clip)
        ? { ...one, clips: [...one.clips, told.clip] }
        : one;
    });
  }
  return [...reel];
}

/** Seconds as 01:05. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}
