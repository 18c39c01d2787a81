/** The model's session and the scheduler before it, kept alive: a thread that is lost is replaced. */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, thrown } from '@roadwatch/common';
import type { Logger } from 'pino';
import type { Frame, FramePool } from '../frame/pool.ts';
import type { Execution, Trial, WantedInference } from './execution.ts';
import { ExecutionChoice } from './execution-choice.ts';
import { type Model, ModelError } from './model.ts';
import { type Beside, Scheduler, type SchedulerEvents } from './scheduler.ts';
import { DetectorSession, InferenceThreadLost } from './session.ts';

/** Of threads that are lost before they have analysed one frame; after the first that does, it begins anew. */
const BACKOFF = { firstMs: 500, maxMs: 30_000 };
/** The agent's start fails when so many threads in a row have been lost. */
const MAX_START_TRIES = 4;
const LOST_LINE = 'inference thread lost, starting another';

type Start = (model: Model) => Promise<DetectorSession>;

/** How the model is run, and what was tried for that. */
export interface InferenceFigures extends Execution {
  readonly trials: readonly Trial[];
}

export class Detector {
  readonly scheduler: Scheduler;
  readonly #log: Logger;
  readonly #stopping: AbortController;
  readonly #start: Start;
  readonly #choice: ExecutionChoice;
  readonly #keeping: Promise<void>;
  #session: DetectorSession;
  #losses = 0;
  #lastMs = 0;
  #isThere = true;
  /** Once the first frame has been analysed, so that nothing waits for it. */
  #choosing: Promise<void> | null = null;

  /** Throws ModelError when the model cannot be used, InferenceThreadLost when no thread stays alive. */
  static async start(
    model: Model,
    pool: FramePool,
    wanted: WantedInference,
    events: SchedulerEvents,
    log: Logger,
  ): Promise<Detector> {
    const stopping = new AbortController();
    const { signal } = stopping;
    const choice = new ExecutionChoice(wanted, log, signal);
    const start: Start = async (one) => {
      const execution = choice.now(one);
      try {
        return await DetectorSession.start(one, pool, { ...execution, signal });
      } catch (error) {
        if (!(error instanceof ModelError) || execution.provider === 'cpu') throw error;
        choice.giveUp(one, execution, error.message);
        return DetectorSession.start(one, pool, { ...choice.now(one), signal });
      }
    };
    for (let attempt = 0; ; attempt++) {
      try {
        return new Detector(start, choice, await start(model), stopping, pool, events, log);
      } catch (error) {
        if (!(error instanceof InferenceThreadLost) || attempt + 1 >= MAX_START_TRIES) throw error;
        const pauseMs = backoffMs(attempt, BACKOFF, Math.random());
        log.error({ ...thrown(error), pauseMs }, LOST_LINE);
        await sleep(pauseMs);
      }
    }
  }

  private constructor(
    start: Start,
    choice: ExecutionChoice,
    session: DetectorSession,
    stopping: AbortController,
    pool: FramePool,
    events: SchedulerEvents,
    log: Logger,
  ) {
    this.#start = start;
    this.#choice = choice;
    this.#session = session;
    this.#stopping = stopping;
    this.#log = log;
    const onBoxes: SchedulerEvents['onBoxes'] = (...seen) => {
      this.#lastMs = seen[3];
      events.onBoxes(...seen);
      this.#choosing ??= this.#choose();
    };
    this.scheduler = new Scheduler(session, pool, { ...events, onBoxes });
    this.#keeping = this.#keepAlive();
  }

  get model(): Model {
    return this.#session.model;
  }

  /** Whether a thread with the model is there; false while a lost one is replaced. */
  get isThere(): boolean {
    return this.#isThere;
  }

  get inference(): InferenceFigures {
    return { ...this.#session.execution, trials: this.#choice.trials(this.model) };
  }

  /** Processor time that the model takes for a picture, ms: as was measured, or as long as the last one took. */
  get pictureCostMs(): number {
    const { provider, threads } = this.#session.execution;
    const trial = this.#choice
      .trials(this.model)
      .find((each) => each.provider === provider && each.threads === threads);
    return trial?.cpuMs ?? this.#lastMs;
  }

  /** Threads that ended without being asked to. */
  get losses(): number {
    return this.#losses;
  }

  offer(camera: string, frame: Frame): void {
    this.scheduler.offer(camera, frame);
  }

  /**
   * Another model, ready in a thread of its own: close it, or give it to `replace`. Its input must be of the size of the frames.
   * Throws as `start`.
   */
  async prepare(model: Model): Promise<DetectorSession> {
    await this.#choice.measure(model);
    return this.#start(model);
  }

  /** Shows frames to a session that was prepared; null: to none any more. Resolves when the one of before has no frame any more. */
  lookBeside(beside: Beside | null): Promise<void> {
    return this.scheduler.lookBeside(beside);
  }

  /** From the next frame on this session is the one that decides; the thread of the one before is ended. */
  async replace(next: DetectorSession): Promise<void> {
    const before = this.#session;
    this.#session = next;
    this.#isThere = true;
    await this.scheduler.replaceSession(next);
    await before.close();
  }

  /** Lets the running frame finish if that is soon; resolves within five seconds. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // The frame settles with the session, whatever becomes of its thread.
    await Promise.all([this.scheduler.close(), this.#session.close()]);
    await Promise.all([this.#keeping, this.#choosing]);
  }

  /** Goes on in the way that was measured to be better than the one it began with. */
  async #choose(): Promise<void> {
    const { model, execution } = this.#session;
    await this.#choice.measure(model);
    const { provider, threads } = this.#choice.now(model);
    const isSame = provider === execution.provider && threads === execution.threads;
    // Another model came meanwhile, and was measured by itself.
    const isOver = (): boolean => this.#stopping.signal.aborted || model !== this.#session.model;
    if (isSame || isOver()) return;
    try {
      const next = await this.#start(model);
      if (isOver()) await next.close();
      else await this.replace(next);
    } catch (error) {
      if (!isOver()) this.#log.error(thrown(error), 'inference goes on as it began');
    }
  }

  async #keepAlive(): Promise<void> {
    const { signal } = this.#stopping;
    let losses = 0;
    for (;;) {
      const session = this.#session;
      let reason: Error = await session.ended;
      // It was replaced, and so its end was wanted.
      if (session !== this.#session) continue;
      this.#isThere = false;
      if (session.answers > 0) losses = 0;
      let next: DetectorSession | null = null;
      for (; next === null; losses++) {
        if (signal.aborted) return;
        this.#losses++;
        const pauseMs = backoffMs(losses, BACKOFF, Math.random());
        this.#log.error({ ...thrown(reason), pauseMs }, LOST_LINE);
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
        if (signal.aborted) return;
        if (session !== this.#session) break;
        try {
          next = await this.#start(session.model);
        } catch (error) {
          reason = error as Error;
        }
      }
      if (signal.aborted) return next?.close();
      // Another model came while its thread was being mended.
      if (session !== this.#session || next === null) {
        await next?.close();
        continue;
      }
      this.#session = next;
      this.#isThere = true;
      void this.scheduler.replaceSession(next);
      this.#log.info('inference thread runs again');
    }
  }
}
