/** How a camera is: whether it streams, what is wrong with its picture, and since when. What changes is told in the log. */
import { limitWarnings, type Say, steadyMs } from '@roadwatch/common';
import type { Logger } from 'pino';
import type { ConnectionState, Why } from '../camera/camera.ts';
import type { Size } from '../frame/size.ts';
import type { SceneFault } from '../gate/scene-health.ts';

export interface Status {
  readonly connection: ConnectionState;
  readonly reason: string | null;
  /** The same for programs. */
  readonly code: Why['code'] | null;
  readonly fault: SceneFault | null;
  /** Of the steady clock. */
  readonly sinceMs: number;
}

export class CameraStatus {
  readonly #camera: string;
  readonly #log: Logger;
  /** Of a connection that comes and goes every few seconds the first in a minute are told. */
  readonly #streams: Say;
  readonly #fails: Say;
  #now: Status = { connection: 'starting', reason: null, code: null, fault: null, sinceMs: steadyMs() };

  constructor(camera: string, log: Logger) {
    this.#camera = camera;
    this.#log = log;
    this.#streams = limitWarnings({ warn: (fields, message) => log.info(fields, message) });
    this.#fails = limitWarnings(log);
  }

  get now(): Status {
    return this.#now;
  }

  /** Whether anything is different now. `source`: the camera's resolution, null before its first frame. */
  set(change: Partial<Status>, source: Size | null): boolean {
    const before = this.#now;
    this.#now = { ...before, ...change, sinceMs: steadyMs() };
    const { connection, reason, fault } = this.#now;
    const isOtherLine = connection !== before.connection || reason !== before.reason;
    if (!isOtherLine && fault === before.fault) return false;
    const details = { camera: this.#camera, ...(reason === null ? {} : { reason }) };
    if (isOtherLine && connection === 'streaming')
      this.#streams({ ...details, ...source }, 'camera streaming');
    else if (isOtherLine && connection === 'paused') this.#log.info(details, 'camera paused');
    else if (isOtherLine) this.#fails(details, `camera ${connection}`);
    if (fault === before.fault) return true;
    if (fault === null) this.#log.info(details, 'camera sees well again');
    else this.#log.warn({ ...details, state: fault }, 'camera does not see well');
    return true;
  }
}
