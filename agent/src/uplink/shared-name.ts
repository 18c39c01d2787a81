/**
 * Whether another box uses this one's name: the broker then ends the connection of one whenever the other connects (MQTT-3.1.4-2).
 * MQTT 5 says so; in MQTT 3.1.1 connections just end soon after the login, again and again. Then both come back more slowly.
 */
import { backoffMs } from '@roadwatch/common';

const SOON_MS = 30_000;
const ENDS = 3;
/** A connection that lasts so long has the name for itself. */
const CALM_MS = 300_000;
const SLOWER = { firstMs: 4_000, maxMs: 60_000 };

export class SharedName {
  #ends = 0;
  #sinceMs: number | null = null;
  #loggedInAtMs = 0;

  /** When it was noticed; null while there is no sign of it. */
  get sinceMs(): number | null {
    return this.#sinceMs;
  }

  loggedIn(nowMs: number): void {
    this.#loggedInAtMs = nowMs;
  }

  /** Call it now and then while the connection lasts. */
  lasts(nowMs: number): void {
    if (nowMs - this.#loggedInAtMs >= CALM_MS) this.#forget();
  }

  /** The other side has ended the connection, for no other reason that is known; `said`: it says that another one has come. */
  ended(said: boolean, nowMs: number): void {
    const wasSoon = said || this.#sinceMs !== null || nowMs - this.#loggedInAtMs <= SOON_MS;
    if (!wasSoon) this.#forget();
    else this.#ends++;
    if (said || this.#ends >= ENDS) this.#sinceMs ??= nowMs;
  }

  /** How long to wait before coming back; null when it makes no difference. `random` is in [0, 1). */
  waitMs(random: number): number | null {
    return this.#sinceMs === null ? null : backoffMs(Math.max(0, this.#ends - ENDS), SLOWER, random);
  }

  #forget(): void {
    this.#ends = 0;
    this.#sinceMs = null;
  }
}
