/** Who watches one stream. Each gets what its form needs to begin with, and misses pictures rather than seeing the past. */
import { LIVE_MESSAGE, type LiveFormat } from '@roadwatch/contract';
import type { WebSocket } from 'ws';
import { hangUp } from './hang-up.ts';

/** What says nothing else is no message. */
const KINDS: ReadonlySet<number> = new Set(Object.values(LIVE_MESSAGE));
/** IANA's registry of close codes (RFC 6455, 11.7). */
const TRY_AGAIN_LATER = 1013;

/** On a viewer's line, by form: an fmp4 view begins with all since the last keyframe. */
const MAX_BUFFERED_BYTES = { mpeg1: 2_000_000, fmp4: 8 * 1024 * 1024 } as const;
/** Since the last keyframe; of more nothing is kept, and who comes then waits for the next one. */
const MAX_KEPT_BYTES = MAX_BUFFERED_BYTES.fmp4;
/** Nor of more messages: a keyframe interval of a minute at 60 pictures a second. */
const MAX_KEPT_MESSAGES = 3_600;
/** Says what the video is; some hundred bytes. */
const MAX_INIT_BYTES = 64 * 1024;

interface Viewer {
  /** Pictures before the next keyframe are of no use to it. */
  waitsForKeyframe: boolean;
}

export class Viewers {
  readonly #viewers = new Map<WebSocket, Viewer>();
  #format: LiveFormat | null = null;
  #init: Buffer | null = null;
  /** From the last keyframe on. */
  #kept: Buffer[] = [];
  #keptBytes = 0;

  get count(): number {
    return this.#viewers.size;
  }
  get sockets(): readonly WebSocket[] {
    return [...this.#viewers.keys()];
  }

  add(socket: WebSocket): void {
    this.#viewers.set(socket, { waitsForKeyframe: this.#kept.length === 0 });
    if (this.#init !== null) socket.send(this.#init, { binary: true });
    for (const message of this.#kept) socket.send(message, { binary: true });
  }

  remove(socket: WebSocket): void {
    this.#viewers.delete(socket);
  }

  /** What the agent pushes. Its first message tells the form: MPEG-TS begins with 0x47 (ISO/IEC 13818-1, 2.4.3.2). */
  push(message: Buffer): void {
    this.#format ??= message[0] === LIVE_MESSAGE.init ? 'fmp4' : 'mpeg1';
    if (this.#format === 'mpeg1') {
      for (const socket of this.#viewers.keys())
        if (socket.bufferedAmount < MAX_BUFFERED_BYTES.mpeg1) socket.send(message, { binary: true });
      return;
    }
    const kind = message[0];
    if (kind === undefined || !KINDS.has(kind)) return;
    this.#keep(kind, message);
    for (const [socket, viewer] of this.#viewers) {
      if (kind === LIVE_MESSAGE.keyframe) viewer.waitsForKeyframe = false;
      if (kind === LIVE_MESSAGE.picture && viewer.waitsForKeyframe) continue;
      const hasRoom = socket.bufferedAmount <= MAX_BUFFERED_BYTES.fmp4;
      // Without the beginning nothing that comes after it can be played.
      if (!hasRoom && kind === LIVE_MESSAGE.init) this.#turnAway(socket);
      else if (hasRoom) socket.send(message, { binary: true });
      else viewer.waitsForKeyframe = true;
    }
  }

  #turnAway(socket: WebSocket): void {
    this.#viewers.delete(socket);
    hangUp(socket, TRY_AGAIN_LATER, 'the line is too slow');
  }

  #keep(kind: number, message: Buffer): void {
    if (kind === LIVE_MESSAGE.init) {
      this.#init = message.length > MAX_INIT_BYTES ? null : message;
      this.#forget();
      return;
    }
    if (kind === LIVE_MESSAGE.keyframe) this.#forget();
    else if (this.#kept.length === 0) return;
    this.#kept.push(message);
    this.#keptBytes += message.length;
    if (this.#keptBytes > MAX_KEPT_BYTES || this.#kept.length > MAX_KEPT_MESSAGES) this.#forget();
  }

  #forget(): void {
    this.#kept = [];
    this.#keptBytes = 0;
  }
}
