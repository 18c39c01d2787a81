/** How much of a history is run, and from which seed: the environment says it, and the run prints it. */
import { type Random, seeded } from '../../support/random.ts';

export const SEED = Number(process.env.ROADWATCH_FAULTS_SEED ?? Date.now() % 1_000_000);
const KILLS = process.env.ROADWATCH_FAULTS_KILLS;
const MINUTES = process.env.ROADWATCH_FAULTS_MINUTES;

/** How often something is killed: `usual` times, or ROADWATCH_FAULTS_KILLS when that is less. */
export function times(usual: number): number {
  return KILLS === undefined ? usual : Math.min(usual, Number(KILLS));
}

/** How long something lasts: `usual` minutes unless ROADWATCH_FAULTS_MINUTES says otherwise. */
export function minutes(usual: number): number {
  return MINUTES === undefined ? usual : Number(MINUTES);
}

/** Each history has chance of its own, so that it comes out alike when it is run alone. */
export function chance(history: string): Random {
  return seeded([...history].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), SEED));
}

/** A history takes as long as it takes; one that hangs is ended. */
export const LIMIT_MS = 4 * 3_600_000;
