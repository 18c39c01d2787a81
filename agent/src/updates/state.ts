/**
 * What the box has decided about releases, in one small file that is there whole or as it was before, also when power fails: which
 * model it trusts, which one it is trying, and what has become of the releases that it was offered.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Id } from '@roadwatch/contract';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { writeWhole } from '../disk/write-whole.ts';
import { endJob, isOpen, Job, releaseOf } from './jobs.ts';

const Count = Type.Integer({ minimum: 0 });
const Folder = Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z.-]{0,127}$' });

/** What the running model does, counted over frames. */
export const Tally = Type.Object({
  frames: Count,
  candidates: Count,
  elapsedMs: Type.Number({ minimum: 0 }),
  errors: Count,
});
export type Tally = Static<typeof Tally>;

const Trial = Type.Object({
  folder: Folder,
  rollout: Id,
  /** Of the agent, with this model, since it went over to it. */
  starts: Count,
  /** Of the model before. */
  before: Tally,
});
const StateFile = Type.Object({
  v: Type.Literal(1),
  /** What the configuration named when the decisions were made: another one there goes before all of them. */
  base: Type.String(),
  /** Null: the one that the configuration names, or that ships. */
  confirmed: Type.Union([Folder, Type.Null()]),
  previous: Type.Union([Folder, Type.Null()]),
  trial: Type.Union([Trial, Type.Null()]),
  /** The newest last. */
  jobs: Type.Array(Job, { maxItems: 16 }),
  /** What was fetched on a UTC day. */
  day: Type.Object({ date: Type.String(), bytes: Count }),
});
export type UpdateDecisions = Static<typeof StateFile>;

const NOTHING: UpdateDecisions = {
  v: 1,
  base: '',
  confirmed: null,
  previous: null,
  trial: null,
  jobs: [],
  day: { date: '', bytes: 0 },
};

export class UpdateStateFile {
  readonly #path: string;
  #now: UpdateDecisions;
  /** What was there could not be read, and has been begun anew. */
  readonly damaged: boolean;

  /** `folder`: made when the first decision is written. */
  constructor(folder: string) {
    this.#path = join(folder, 'state.json');
    const read = readState(this.#path);
    this.damaged = read === 'damaged';
    this.#now = read === 'damaged' || read === null ? NOTHING : read;
  }

  get now(): UpdateDecisions {
    return this.#now;
  }

  /**
   * `base`: what the configuration names now. Whether decisions were dropped since they were made beside another one: who changes the
   * configuration of a box means what it says, also of models that were still to take over.
   */
  basedOn(base: string): boolean {
    const { confirmed, trial } = this.#now;
    if (this.#now.base === base) return false;
    const late = this.#now.jobs.filter(
      (job) => isOpen(job) && job.mode === 'switch' && releaseOf(job)?.kind === 'model',
    );
    const dropped = confirmed !== null || trial !== null || late.length > 0;
    const jobs = late.reduce(
      (all, { rollout }) => endJob(all, rollout, 'cancelled', 'configured_otherwise'),
      [...this.#now.jobs],
    );
    if (dropped) this.write({ base, confirmed: null, previous: null, trial: null, jobs });
    else this.#now = { ...this.#now, base };
    return dropped;
  }

  /** Returns once it will survive a loss of power. Throws what the system says, and then nothing has changed. */
  write(change: Partial<Omit<UpdateDecisions, 'v'>>): void {
    const next = { ...this.#now, ...change };
    writeWhole(this.#path, `${JSON.stringify(next)}\n`);
    this.#now = next;
  }
}

function readState(path: string): UpdateDecisions | 'damaged' | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    return 'damaged';
  }
  try {
    const value: unknown = JSON.parse(text);
    return Value.Check(StateFile, value) ? (value as UpdateDecisions) : 'damaged';
  } catch {
    return 'damaged';
  }
}
