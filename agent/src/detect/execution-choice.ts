/** In which way each model is run on this machine: as the settings say, or as was measured, once for each model. */
import type { Logger } from 'pino';
import {
  bestOf,
  type Execution,
  isFixed,
  plainExecution,
  type Trial,
  type WantedInference,
} from './execution.ts';
import { measureInference } from './measure.ts';
import type { Model } from './model.ts';

/** Models that take each other's place: the one of before, the one on trial and one that looks along. */
const MOST_KNOWN = 8;

export class ExecutionChoice {
  readonly #wanted: WantedInference;
  readonly #log: Logger;
  readonly #signal: AbortSignal;
  readonly #known = new Map<string, { readonly execution: Execution; readonly trials: readonly Trial[] }>();

  constructor(wanted: WantedInference, log: Logger, signal: AbortSignal) {
    this.#wanted = wanted;
    this.#log = log;
    this.#signal = signal;
  }

  /** What is known of it, without waiting. */
  now(model: Model): Execution {
    return this.#known.get(model.ref.sha256)?.execution ?? plainExecution(this.#wanted);
  }

  /** What was measured of it; empty before, and where there is nothing to choose. */
  trials(model: Model): readonly Trial[] {
    return this.#known.get(model.ref.sha256)?.trials ?? [];
  }

  /** Measures it for a second or two, if that has not been done; never rejects. */
  async measure(model: Model): Promise<void> {
    const { sha256, name, version } = model.ref;
    if (isFixed(this.#wanted) || this.#known.has(sha256)) return;
    const { trials, failures } = await measureInference(model, this.#wanted, this.#signal);
    if (this.#signal.aborted) return;
    for (const { provider, threads, reason } of failures)
      this.#log.warn({ provider, threads, reason }, 'this way of inference is not used');
    const tried = trials.map(rounded);
    const best = bestOf(tried, this.#wanted);
    this.#note(sha256, best ?? plainExecution(this.#wanted), tried);
    if (best !== null) this.#log.info({ model: `${name}-${version}`, ...best, tried }, 'inference measured');
  }

  /** It does not start in this way: from now on it is run on the processor. */
  giveUp(model: Model, { provider, threads }: Execution, reason: string): void {
    this.#log.warn({ provider, threads, reason }, 'this way of inference is not used');
    this.#note(model.ref.sha256, plainExecution(this.#wanted), this.trials(model));
  }

  #note(sha256: string, { provider, threads }: Execution, trials: readonly Trial[]): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(sha256, { execution: { provider, threads }, trials });
  }
}

function rounded({ provider, threads, cpuMs, pictureMs }: Trial): Trial {
  const [cpu, picture] = [Math.round(cpuMs * 10) / 10, Math.round(pictureMs * 10) / 10];
  return { provider, threads, cpuMs: cpu, pictureMs: picture };
}
