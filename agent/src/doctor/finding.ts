/** What was looked at, how it is, and what a person does about it. */
import type { Words } from '../language.ts';

export type Level = 'ok' | 'warn' | 'fail';

export interface Finding {
  /** For programs: `ffmpeg`, `camera.north.clock`. */
  readonly id: string;
  readonly level: Level;
  readonly said: Words;
  /** What mends it; only where something is to be mended. */
  readonly mend?: Words;
}

export function ok(id: string, en: string, zh: string): Finding {
  return { id, level: 'ok', said: { en, zh } };
}

export function warn(id: string, said: Words, mend: Words): Finding {
  return { id, level: 'warn', said, mend };
}

export function fail(id: string, said: Words, mend: Words): Finding {
  return { id, level: 'fail', said, mend };
}
