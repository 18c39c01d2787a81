/**
 * Releases that the gateway offers, one at a time: who has signed them is looked at first, then what is offered is fetched and used.
 * One loop owns all of it; offers and the end come to it as values. The newest offer counts.
 */
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { thrown } from '@roadwatch/common';
import {
  type Comparison,
  parseRelease,
  type Release,
  ReleaseError,
  releaseBytes,
  signatureProblem,
  timestamp,
  type UpdateCommand,
  type UpdateOffer,
  type UpdateReport,
  type UpdateState,
} from '@roadwatch/contract';
import type { UpdateCode } from '@roadwatch/contract/codes';
import { FetchBudget, type FetchPace } from './budget.ts';
import { FileFetcher } from './fetch-file.ts';
import type { FileSource } from './gateway-files.ts';
import { wantedFolders } from './installed.ts';
import { addJob, endJob, isOpen, type Job, releaseOf, releasesToCome } from './jobs.ts';
import { letGo, type ModelParts, type Progress, rollBack, updateModel } from './model-update.ts';
import { type PackageForm, updatePackage } from './package-update.ts';
import { UpdateRefusal } from './update-refusal.ts';

/** Left out: as much as can be. */
interface UpdatePace {
  readonly kilobytesPerSecond?: number;
  readonly megabytesPerDay?: number;
}

export interface UpdaterOptions extends Omit<ModelParts, 'stopping'> {
  /** Where releases lie while they are fetched, and afterwards. */
  readonly dir: string;
  readonly rules: UpdatePace & {
    readonly keys: readonly KeyObject[];
    readonly allowUnsigned: boolean;
    readonly packages: PackageForm | 'none';
  };
  /** Null: the box knows no address of its gateway. */
  readonly files: FileSource | null;
  readonly nowMs: () => number;
  /** What `reports` says has changed. */
  onChanged(): void;
}

interface Figures {
  receivedBytes: number;
  /** Of what is fetched, where that is not all of the release. */
  totalBytes?: number;
  comparison?: Comparison;
  cameras?: Readonly<Record<string, Comparison>>;
}

const UNKNOWN: Release = { v: 1, kind: 'model', name: 'unknown', version: '0', files: [] };

/** Why the loop lets go of what it does. */
class Interrupted extends Error {
  readonly code: UpdateCode;

  constructor(code: UpdateCode) {
    super(code);
    this.code = code;
  }
}

export class Updater {
  readonly #options: UpdaterOptions;
  readonly #budget: FetchBudget;
  readonly #stopping = new AbortController();
  /** By rollout, of what is not worth keeping across a restart. */
  readonly #figures = new Map<string, Figures>();
  #current: { readonly rollout: string; readonly ending: AbortController } | null = null;
  /** By rollout, why it is to be let go of, though the loop is not at it. */
  readonly #letGo = new Map<string, UpdateCode>();
  #wake: () => void = () => {};
  #running: Promise<void> | null = null;

  constructor(options: UpdaterOptions) {
    this.#options = options;
    this.#budget = new FetchBudget({
      pace: bytesOf(options.rules),
      nowMs: options.nowMs,
      day: options.state.now.day,
    });
  }

  /** Counts from now on. */
  set pace(rules: UpdatePace) {
    this.#budget.pace = bytesOf(rules);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** What is under way goes on at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the agent ends'));
    this.#wake();
    await this.#running;
  }

  /** Throws what the disk says when the offer cannot be kept. The same offer may come again and again. */
  command(command: UpdateCommand): void {
    if (command.kind === 'update.offer') this.#offered(command);
    else this.#interrupt(command.rollout, 'update_cancelled');
    this.#options.onChanged();
  }

  get reports(): UpdateReport[] {
    return this.#options.state.now.jobs.flatMap((job) => this.#reportOf(job));
  }

  #offered({ rollout, mode, release, signature, terms }: UpdateOffer): void {
    const { state } = this.#options;
    if (state.now.jobs.some((job) => job.rollout === rollout)) return;
    for (const job of state.now.jobs) if (isOpen(job)) this.#interrupt(job.rollout, 'superseded');
    const job: Job = {
      ...{ rollout, mode, release, terms },
      signature: signature ?? null,
      state: 'waiting',
      sinceMs: this.#options.nowMs(),
    };
    state.write({ jobs: addJob(state.now.jobs, job) });
    this.#options.log.info({ rollout, mode }, 'release offered');
    this.#wake();
  }

  /** What is done with it now is let go of by the loop; what waits, here. */
  #interrupt(rollout: string, code: UpdateCode): void {
    if (this.#current?.rollout === rollout) {
      this.#current.ending.abort(new Interrupted(code));
      return;
    }
    const { state } = this.#options;
    if (state.now.trial?.rollout === rollout) {
      // The model of before is to be put back, which only the loop does.
      this.#letGo.set(rollout, code);
      this.#wake();
      return;
    }
    const waits = state.now.jobs.some((job) => job.rollout === rollout && isOpen(job));
    if (waits) state.write({ jobs: endJob(state.now.jobs, rollout, 'cancelled', code) });
  }

  async #woken(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const job = this.#options.state.now.jobs.find(isOpen);
      if (job === undefined) {
        await this.#woken();
        continue;
      }
      const ending = new AbortController();
      this.#current = { rollout: job.rollout, ending };
      const code = this.#letGo.get(job.rollout);
      if (code !== undefined) ending.abort(new Interrupted(code));
      await this.#carryOut(job, AbortSignal.any([signal, ending.signal])).catch((error: Error) => {
        // The disk refuses to keep what was decided: nothing is tried again until the next offer, or the next start.
        this.#current = null;
        if (!signal.aborted) this.#options.log.error(thrown(error), 'update not kept');
        return this.#woken();
      });
      this.#current = null;
      this.#options.onChanged();
    }
  }

  /** Throws only when what has become of it cannot be written down. */
  async #carryOut(job: Job, signal: AbortSignal): Promise<void> {
    const { rules, state, log } = this.#options;
    try {
      signal.throwIfAborted();
      const release = parseRelease(job.release);
      const unsigned = signatureProblem(job.release, job.signature, rules.keys);
      if (unsigned !== null && !(rules.allowUnsigned && job.signature === null))
        throw new UpdateRefusal('unsigned', `${release.name} ${release.version} ${unsigned}`);
      const progress = this.#progressOf(job, signal);
      if (release.kind === 'model') await updateModel(this.#modelParts, job, release, progress, signal);
      else if (rules.packages === 'none')
        throw new UpdateRefusal('kind_unknown', 'updates.packages: packages of the agent are not taken here');
      else await updatePackage({ ...this.#options, form: rules.packages }, job, release, progress, signal);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      await this.#ended(job, signal.aborted ? (signal.reason as Error) : (error as Error));
    }
    const ended = state.now.jobs.find(({ rollout }) => rollout === job.rollout);
    log.info({ rollout: job.rollout, state: ended?.state, code: ended?.code }, 'update ended');
  }

  async #ended(job: Job, error: Error): Promise<void> {
    const { state, installed, log, dir } = this.#options;
    const { rollout } = job;
    // Nothing of it is wanted any more, but by an offer that has taken its place.
    const toCome = releasesToCome(state.now.jobs, rollout).flatMap(({ release }) => release.files);
    FileFetcher.keepOnly(
      join(dir, 'parts'),
      toCome.map(({ sha256 }) => sha256),
    );
    installed.keepOnly(wantedFolders(state.now, rollout));
    const isTried = state.now.trial?.rollout === rollout;
    if (error instanceof Interrupted) {
      if (isTried) return rollBack(this.#modelParts, job, null, letGo(error.code));
      return void state.write({ jobs: endJob(state.now.jobs, rollout, 'cancelled', error.code) });
    }
    const code = error instanceof UpdateRefusal ? error.code : codeOfOther(error);
    log.error({ rollout, code, reason: error.message }, 'release refused');
    if (isTried) return rollBack(this.#modelParts, job, null, { code, detail: error.message });
    state.write({ jobs: endJob(state.now.jobs, rollout, 'refused', code, error.message) });
  }

  get #modelParts(): ModelParts {
    return { ...this.#options, stopping: this.#stopping.signal };
  }

  #progressOf(job: Job, signal: AbortSignal): Progress {
    const { rollout } = job;
    const figures: Figures = { receivedBytes: 0 };
    this.#figures.set(rollout, figures);
    return {
      state: (next) => this.#say(rollout, next),
      compared: (comparison) => {
        figures.comparison = comparison;
      },
      lookedAlong: (all, cameras) => {
        Object.assign(figures, { comparison: all, cameras });
        this.#options.onChanged();
      },
      fetch: (release) => this.#fetch(rollout, release, figures, signal),
    };
  }

  async #fetch(
    rollout: string,
    release: Release,
    figures: Figures,
    signal: AbortSignal,
  ): Promise<(sha256: string) => string> {
    const { dir, files, state } = this.#options;
    if (files === null)
      throw new UpdateRefusal('not_reached', 'gateway.url: is not known, and files come from there');
    const fetcher = new FileFetcher(join(dir, 'parts'), files, this.#budget);
    figures.totalBytes = releaseBytes(release);
    let before = 0;
    for (const file of release.files) {
      await fetcher.fetch(
        file,
        {
          onReceived: (bytes) => {
            figures.receivedBytes = before + bytes;
          },
          onHeld: (why) => this.#say(rollout, 'fetching', why?.code, why?.detail),
          onCharged: () => state.write({ day: this.#budget.day }),
        },
        signal,
      );
      before += file.bytes;
      figures.receivedBytes = before;
    }
    return (sha256) => fetcher.pathOf(sha256);
  }

  #say(rollout: string, next: UpdateState, code?: UpdateCode, detail?: string): void {
    const { state, log } = this.#options;
    const job = state.now.jobs.find((one) => one.rollout === rollout);
    if (job === undefined || !isOpen(job) || (job.state === next && job.code === code)) return;
    state.write({ jobs: endJob(state.now.jobs, rollout, next, code, detail, this.#options.nowMs()) });
    log.info({ rollout, state: next, ...(code === undefined ? {} : { code, reason: detail }) }, 'update');
    this.#options.onChanged();
  }

  #reportOf(job: Job): UpdateReport[] {
    // The gateway has made it, and knows what it is called.
    const release = releaseOf(job) ?? UNKNOWN;
    const { name, kind, version } = release;
    const {
      receivedBytes = 0,
      totalBytes = releaseBytes(release),
      comparison,
      cameras,
    } = this.#figures.get(job.rollout) ?? {};
    return [
      {
        rollout: job.rollout,
        release: { kind, name, version },
        state: job.state,
        since: timestamp(job.sinceMs),
        receivedBytes,
        totalBytes,
        ...(job.code === undefined ? {} : { code: job.code }),
        ...(job.detail === undefined ? {} : { detail: job.detail }),
        ...(comparison === undefined ? {} : { comparison }),
        ...(cameras === undefined || job.state !== 'shadow' ? {} : { cameras }),
      },
    ];
  }
}

function codeOfOther(error: Error): UpdateCode {
  return error instanceof ReleaseError ? 'release_invalid' : 'update_failed';
}

function bytesOf({ kilobytesPerSecond, megabytesPerDay }: UpdatePace): FetchPace {
  return {
    bytesPerSecond: kilobytesPerSecond === undefined ? null : kilobytesPerSecond * 1000,
    bytesPerDay: megabytesPerDay === undefined ? null : megabytesPerDay * 1_000_000,
  };
}
