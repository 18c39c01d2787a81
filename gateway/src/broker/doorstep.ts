/**
 * Connections that have not logged in yet. Whoever holds many of them open without logging in keeps nobody out: the one that has
 * waited longest makes room for the newest, which needs a moment only.
 */
import type { Socket } from 'node:net';

export class Doorstep {
  readonly #waiting = new Set<Socket>();
  readonly #most: number;
  readonly #onPushedOff: (socket: Socket) => void;

  constructor(most: number, onPushedOff: (socket: Socket) => void) {
    this.#most = most;
    this.#onPushedOff = onPushedOff;
  }

  arrive(socket: Socket): void {
    this.#waiting.add(socket);
    socket.on('close', () => this.leave(socket));
    if (this.#waiting.size <= this.#most) return;
    const [longest] = this.#waiting;
    this.leave(longest as Socket);
    this.#onPushedOff(longest as Socket);
    longest?.destroy();
  }

  /** It has logged in, or is gone. */
  leave(socket: Socket): void {
    this.#waiting.delete(socket);
  }

  has(socket: Socket): boolean {
    return this.#waiting.has(socket);
  }
}
