/** A live stream as a window sees it: a socket, a video that its pictures are appended to. */
import { createStore } from 'zustand';
import { onReel, type Piece, type Quality, type Told, type Wish } from './says';

export type Status = 'opening' | 'playing' | 'held' | 'idle' | 'lost' | 'ended';

export interface Line {
  prompt: string;
  /** Seconds of the stream at which it is seen; null as long as it is on its way. */
  at: number | null;
}

export interface Now {
  status: Status;
  lines: Line[];
  reel: Piece[];
  fps: number | null;
  answer: number | null;
  quality: Quality;
  /** What was refused, with the reason, until something else is said. */
  refused: { prompt: string; message: string } | null;
  note: string | null;
  keeping: boolean;
  kept: string | null;
  reason: string | null;
  /** When a lost connection is tried again, in milliseconds of Date.now(). */
  again: number;
  /** A still of each piece, by where it begins. */
  stills: Record<number, string>;
}

const START: Now = {
  status: 'opening',
  lines: [],
  reel: [],
  fps: null,
  answer: null,
  quality: 'full',
  refused: null,
  note: null,
  keeping: false,
  kept: null,
  reason: null,
  again: 0,
  stills: {},
};

/** Seconds behind the newest picture from which the player jumps forward. */
const LATE = 2;
/** Seconds of the past that the player keeps. */
const PAST = 20;
const RETRY = 3000;

declare global {
  interface Window {
    ManagedMediaSource?: typeof MediaSource;
  }
}

/** Whether this browser can play one. */
export const canPlay = () => (window.ManagedMediaSource ?? window.MediaSource) !== undefined;

export class Stream {
  readonly now = createStore<Now>()(() => START);
  private socket: WebSocket | null = null;
  private source: MediaSource | null = null;
  private buffer: SourceBuffer | null = null;
  private queue: ArrayBuffer[] = [];
  private said: Wish[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    private readonly id: string,
    private readonly video: HTMLVideoElement,
  ) {}

  /** Connect; a connection that is lost is tried again until `close`. */
  open(): void {
    this.closed = false;
    this.startPlayer();
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/v1/kinema/live/${this.id}`);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (this.socket !== socket) return;
      if (typeof data === 'string') this.hear(JSON.parse(data) as Told);
      else {
        this.queue.push(data);
        this.pump();
      }
    };
    socket.onclose = () => {
      if (this.socket === socket) this.lose();
    };
    this.socket = socket;
  }

  /** Leave; the stream holds until somebody comes back. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.socket = null;
    this.stopPlayer();
  }

  /** Say something; without a connection it is said when there is one again. */
  say(wish: Wish): void {
    const { status, lines } = this.now.getState();
    if (wish.do === 'steer') {
      const line = { prompt: wish.prompt, at: null };
      this.now.setState({ lines: [...lines, line], refused: null, note: null });
    }
    if (this.socket?.readyState === WebSocket.OPEN && status !== 'lost') {
      this.socket.send(JSON.stringify(wish));
    } else if (wish.do === 'steer' || wish.do === 'restart') this.said.push(wish);
  }

  /** Try a lost connection now. */
  retry(): void {
    clearTimeout(this.timer);
    if (this.closed || this.now.getState().status === 'ended') return;
    this.stopPlayer();
    this.open();
  }

  private hear(told: Told): void {
    const { lines, reel } = this.now.getState();
    this.now.setState({ reel: onReel(reel, told) });
    switch (told.event) {
      case 'ready':
        this.begin(told);
        break;
      case 'scene':
      case 'restarted':
        this.now.setState({ lines: shown(lines, told.prompt, told.at) });
        this.takeStill(told.at);
        if ('answer_ms' in told && told.answer_ms !== null)
          this.now.setState({ answer: told.answer_ms });
        break;
      case 'note':
        this.now.setState({ note: told.message });
        break;
      case 'refused':
        this.now.setState({
          lines: lines.filter((line) => line.at !== null || line.prompt !== told.prompt),
          refused: { prompt: told.prompt ?? '', message: told.message },
        });
        break;
      case 'stats':
        this.now.setState({ fps: told.fps, quality: told.quality });
        if (told.answer_ms !== null) this.now.setState({ answer: told.answer_ms });
        break;
      case 'held':
        this.now.setState({ status: 'held' });
        break;
      case 'playing':
        this.now.setState({ status: 'playing', note: null });
        break;
      case 'idle':
        this.now.setState({ status: 'idle' });
        break;
      case 'busy':
        this.now.setState({ note: told.message });
        break;
      case 'keeping':
        this.now.setState({ keeping: true });
        break;
      case 'kept':
        this.now.setState({ keeping: false, kept: told.clip });
        break;
      case 'keep_failed':
        this.now.setState({ keeping: false, note: told.message });
        break;
      case 'ended':
        this.now.setState({ status: 'ended', reason: told.reason, note: told.message });
        break;
    }
  }

  private begin(told: Extract<Told, { event: 'ready' }>): void {
    const { reel } = this.now.getState();
    const first = { prompt: told.prompt, start: told.at, end: null, clips: [] };
    this.now.setState({
      status: told.state === 'open' ? 'playing' : told.state,
      reel: reel.length ? reel : [first],
    });
    if (this.now.getState().lines.length === 0)
      this.now.setState({ lines: [{ prompt: told.prompt, at: told.at }] });
    this.takeStill(reel.at(-1)?.start ?? told.at);
    this.addBuffer(told.mime);
    for (const wish of this.said.splice(0)) this.socket?.send(JSON.stringify(wish));
  }

  private lose(): void {
    this.socket = null;
    if (this.closed || this.now.getState().status === 'ended') return;
    this.now.setState({ status: 'lost', again: Date.now() + RETRY });
    this.timer = setTimeout(() => this.retry(), RETRY);
  }

  private startPlayer(): void {
    const Source = window.ManagedMediaSource ?? window.MediaSource;
    const source = new Source();
    this.source = source;
    this.queue = [];
    this.buffer = null;
    this.video.disableRemotePlayback = true;
    this.video.src = URL.createObjectURL(source);
  }

  private stopPlayer(): void {
    if (this.video.src) URL.revokeObjectURL(this.video.src);
    this.source = null;
    this.buffer = null;
  }

  private addBuffer(mime: string): void {
    const { source } = this;
    if (!source) return;
    const add = () => {
      if (this.source !== source || this.buffer) return;
      this.buffer = source.addSourceBuffer(mime);
      this.buffer.onupdateend = () => this.pump();
      this.pump();
    };
    if (source.readyState === 'open') add();
    else source.addEventListener('sourceopen', add, { once: true });
  }

  private pump(): void {
    const { buffer, video, source } = this;
    if (!buffer || buffer.updating || source?.readyState !== 'open') return;
    const next = this.queue.shift();
    if (next) buffer.appendBuffer(next);
    else this.trim();
    const { buffered } = video;
    if (!buffered.length) return;
    const newest = buffered.end(buffered.length - 1);
    if (video.currentTime < buffered.start(0)) video.currentTime = buffered.start(0);
    const isStuck = ![...Array(buffered.length).keys()].some(
      (at) => buffered.start(at) <= video.currentTime && video.currentTime <= buffered.end(at),
    );
    if (newest - video.currentTime > LATE || isStuck) {
      video.currentTime = Math.max(buffered.start(buffered.length - 1), newest - 0.3);
    }
    if (video.paused) video.play().catch(() => undefined); // the browser wants a touch first
  }

  /** What was seen long ago is let go, so that an evening of it needs no more memory than a minute. */
  private trim(): void {
    const { buffer, video } = this;
    if (!buffer?.buffered.length || buffer.updating) return;
    const before = video.currentTime - PAST;
    if (before - buffer.buffered.start(0) > PAST) buffer.remove(0, before);
  }

  /** A still of what is on the screen a moment after a scene has begun. */
  private takeStill(at: number): void {
    setTimeout(() => {
      const { video } = this;
      if (!video.videoWidth || this.now.getState().stills[at]) return;
      const canvas = document.createElement('canvas');
      canvas.height = 64;
      canvas.width = Math.round((64 * video.videoWidth) / video.videoHeight);
      canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
      const still = canvas.toDataURL('image/webp', 0.7);
      this.now.setState(({ stills }) => ({ stills: { ...stills, [at]: still } }));
    }, 900);
  }
}

/** The lines with the first one of these words that was on its way now to be seen. */
function shown(lines: readonly Line[], prompt: string, at: number): Line[] {
  const waiting = lines.findIndex((line) => line.at === null && line.prompt === prompt);
  if (waiting >= 0) return lines.map((line, place) => (place === waiting ? { prompt, at } : line));
  return lines.at(-1)?.prompt === prompt ? [...lines] : [...lines, { prompt, at }];
}
