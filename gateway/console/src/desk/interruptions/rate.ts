/**
 * What interrupts an operator, counted: an alarm that comes too often is no longer heard (ANSI/ISA-18.2 and EEMUA 191 call more than
 * ten in ten minutes a flood). Pure: instants are in milliseconds.
 */

export type Interruption = 'breach' | 'high_risk' | 'camera_lost';

const HOUR_MS = 3_600_000;
const FLOOD_MS = 600_000;
const FLOOD = 10;
/** In a flood one sound stands for all that came since the one before. */
const APART_IN_FLOOD_MS = 60_000;

export interface Rate {
  /** Of the last hour, the earliest first. */
  readonly at: readonly number[];
  /** When it was last heard. */
  readonly soundedAt: number | null;
}

export const QUIET: Rate = { at: [], soundedAt: null };

/** It counts; `sounds`: it is to be heard. */
export function interrupted(rate: Rate, now: number): { readonly rate: Rate; readonly sounds: boolean } {
  const at = [...rate.at.filter((each) => now - each < HOUR_MS), now];
  const since = rate.soundedAt === null ? Number.POSITIVE_INFINITY : now - rate.soundedAt;
  const sounds = !isFlood({ ...rate, at }, now) || since >= APART_IN_FLOOD_MS;
  return { rate: { at, soundedAt: sounds ? now : rate.soundedAt }, sounds };
}

export function inLastHour({ at }: Rate, now: number): number {
  return at.filter((each) => now - each < HOUR_MS).length;
}

export function isFlood({ at }: Rate, now: number): boolean {
  return at.filter((each) => now - each < FLOOD_MS).length > FLOOD;
}
