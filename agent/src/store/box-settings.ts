/**
 * What the gateway has laid over the file of the box, kept across restarts in a file of its own, which an older agent leaves alone. What
 * is on trial is there by its name alone: a start in the middle of a trial goes on with what counted before.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BoxProblem,
  BoxSettings,
  boxSettingsProblems,
  Id,
  MAX_PROBLEMS,
  MachineCode,
} from '@roadwatch/contract';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { writeWhole } from '../disk/write-whole.ts';

const Refused = Type.Object({
  id: Id,
  code: MachineCode,
  problems: Type.Array(BoxProblem, { maxItems: MAX_PROBLEMS }),
});
const StateFile = Type.Object({
  v: Type.Literal(1),
  counts: Type.Union([Type.Object({ id: Id, values: BoxSettings }), Type.Null()]),
  trial: Type.Union([Id, Type.Null()]),
  refused: Type.Union([Refused, Type.Null()]),
});
export type KeptBoxSettings = Omit<Static<typeof StateFile>, 'v'>;

const NOTHING: KeptBoxSettings = { counts: null, trial: null, refused: null };

export class BoxSettingsFile {
  readonly #path: string;
  #now: KeptBoxSettings = NOTHING;
  /** What was there could not be read: the gateway sends it again. */
  readonly damaged: boolean;

  constructor(dataDir: string) {
    this.#path = join(dataDir, 'box-settings.json');
    const read = readState(this.#path);
    this.damaged = read === 'damaged';
    if (read !== 'damaged' && read !== null) this.#now = read;
  }

  get now(): KeptBoxSettings {
    return this.#now;
  }

  /** Throws what the disk says, and then nothing has changed. */
  write(change: Partial<KeptBoxSettings>): void {
    const next = { ...this.#now, ...change };
    writeWhole(this.#path, `${JSON.stringify({ v: 1, ...next })}\n`);
    this.#now = next;
  }
}

function readState(path: string): KeptBoxSettings | 'damaged' | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!Value.Check(StateFile, value)) return 'damaged';
    const { v: _, ...kept } = value as Static<typeof StateFile>;
    return kept.counts === null || boxSettingsProblems(kept.counts.values).length === 0 ? kept : 'damaged';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'damaged';
  }
}
