/**
 * What the gateway has set of the box, over what its file says: tried at once, kept once the gateway has confirmed it, and taken back by
 * itself when it has not. Whatever changes the configuration goes through here, one after the other.
 */
import { type Log, thrown } from '@roadwatch/common';
import {
  type BoxProblem,
  type BoxSettings,
  boxSettingsProblems,
  CONFIRM_SECONDS,
  type ConfigurationReport,
  MAX_PROBLEMS,
  timestamp,
} from '@roadwatch/contract';
import type { ReplyCode } from '@roadwatch/contract/codes';
import { versionOf } from '../config/changes.ts';
import type { ResolvedConfig } from '../config/config.ts';
import { layOver, NOT_TAKEN } from '../config/laid-over.ts';
import type { CameraConfig } from '../config/schema.ts';
import type { BoxSettingsFile } from '../store/box-settings.ts';

/** They are said with every status. */
const TOLD = 20;

interface LayerParts {
  /** As the file has it. */
  readonly own: ResolvedConfig;
  readonly file: BoxSettingsFile;
  /** Called with one after the other. */
  apply(config: ResolvedConfig): Promise<void>;
  /** What `report` says has changed. */
  onReport(): void;
}

interface Layer {
  readonly id: string;
  readonly values: BoxSettings;
}

/** What was asked, and why it is not done. */
interface BoxRefusal {
  readonly code: ReplyCode;
  readonly problems: readonly BoxProblem[];
}

export class BoxLayer {
  readonly #parts: LayerParts;
  readonly #log: Log;
  #own: ResolvedConfig;
  #config: ResolvedConfig;
  #trial: (Layer & { readonly until: string; readonly timer: NodeJS.Timeout }) | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #version: string;
  #appliedAt = timestamp(Date.now());
  #isStopped = false;

  constructor(parts: LayerParts, log: Log) {
    this.#parts = parts;
    this.#log = log;
    this.#own = parts.own;
    const { now, damaged } = parts.file;
    if (damaged) log.error({}, 'what the gateway had set of the box cannot be read, and is forgotten');
    if (now.trial !== null) this.#refuse(now.trial, 'box_settings_not_confirmed', []);
    this.#config = this.#laid(now.counts);
    this.#version = versionOf(this.#config);
  }

  /** That counts: the file, and what is laid over it. */
  get config(): ResolvedConfig {
    return this.#config;
  }

  /** As the file has it. */
  ownCamera(id: string): CameraConfig | undefined {
    return this.#own.cameras.find((camera) => camera.id === id);
  }

  get report(): Omit<ConfigurationReport, 'refused'> {
    const { counts, refused } = this.#parts.file.now;
    const { look, gate, verify, ring, evidence, uplink, outbox, log, updates, takeSettings, logins } =
      this.#own;
    const { kilobytesPerSecond, megabytesPerDay } = updates;
    return {
      version: this.#version,
      appliedAt: this.#appliedAt,
      settings: this.#trial?.id ?? counts?.id ?? null,
      ...(this.#trial === null ? {} : { trial: { id: this.#trial.id, until: this.#trial.until } }),
      ...(refused === null ? {} : { refusedSettings: refused }),
      own: {
        ...{ look, gate, verify, evidence, uplink, outbox, log, takeSettings },
        ring: { seconds: ring.seconds, maxMegabytes: ring.maxMegabytes },
        updates: {
          ...(kilobytesPerSecond === undefined ? {} : { kilobytesPerSecond }),
          ...(megabytesPerDay === undefined ? {} : { megabytesPerDay }),
        },
        logins: logins.map(({ name }) => name),
      },
    };
  }

  /** The file says something else; what is laid over it stays, as far as it fits. Throws what `apply` throws. */
  applyOwn(own: ResolvedConfig): Promise<void> {
    return this.#inTurn(async () => {
      this.#own = own;
      await this.#apply(this.#laid(this.#trial ?? this.#parts.file.now.counts));
    });
  }

  /** On trial from when it resolves with null; what is refused changes nothing. */
  configure(
    { id, values }: { readonly id: string; readonly values: unknown },
    confirmSeconds = CONFIRM_SECONDS,
  ): Promise<BoxRefusal | null> {
    return this.#inTurn(async () => {
      const { file } = this.#parts;
      // MQTT delivers at least once, and a gateway asks again when it has heard nothing.
      if (id === this.#trial?.id || (this.#trial === null && id === file.now.counts?.id)) return null;
      const found = this.#check(values);
      if (found.refusal !== null) {
        this.#refuse(id, found.refusal.code, found.refusal.problems);
        this.#parts.onReport();
        return found.refusal;
      }
      // Before anything is another: whenever the agent ends from here on, the next start knows better.
      file.write({ trial: id });
      this.#endTrial();
      try {
        await this.#apply(found.config);
      } catch (error) {
        await this.#takeBack(id, error as Error);
        return { code: 'box_settings_not_applied', problems: [notApplied(error as Error)] };
      }
      const ms = confirmSeconds * 1000;
      this.#trial = {
        id,
        values: values as BoxSettings,
        until: timestamp(Date.now() + ms),
        timer: setTimeout(() => void this.#goBack(id), ms),
      };
      this.#log.info({ settings: id, seconds: confirmSeconds }, 'settings of the box on trial');
      this.#parts.onReport();
      return null;
    });
  }

  /** They count from now on, also after a restart. Throws what the disk says. */
  confirm(id: string): Promise<BoxRefusal | null> {
    return this.#inTurn(async () => {
      const { file } = this.#parts;
      if (this.#trial === null && file.now.counts?.id === id) return null;
      if (this.#trial?.id !== id) return { code: 'box_settings_not_on_trial', problems: [] };
      const { values } = this.#trial;
      file.write({ counts: { id, values }, trial: null, refused: null });
      this.#endTrial();
      this.#log.info({ settings: id }, 'settings of the box confirmed');
      this.#parts.onReport();
      return null;
    });
  }

  /** Resolves when nothing is being applied any more; nothing is from then on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#trial !== null) clearTimeout(this.#trial.timer);
    await this.#turn;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(() => {
      if (this.#isStopped) throw new Error('the agent ends');
      return work();
    });
    this.#turn = run.catch(() => {});
    return run;
  }

  #check(
    values: unknown,
  ): { readonly refusal: null; readonly config: ResolvedConfig } | { readonly refusal: BoxRefusal } {
    const unfit = boxSettingsProblems(values);
    if (unfit.length > 0) return { refusal: { code: 'box_settings_invalid', problems: unfit } };
    const { config, problems } = layOver(this.#own, values as BoxSettings);
    if (problems.length === 0) return { refusal: null, config };
    const code = problems.includes(NOT_TAKEN) ? 'box_settings_not_taken' : 'box_settings_invalid';
    return { refusal: { code, problems: problems.slice(0, MAX_PROBLEMS) } };
  }

  async #apply(config: ResolvedConfig): Promise<void> {
    await this.#parts.apply(config);
    this.#config = config;
    this.#version = versionOf(config);
    this.#appliedAt = timestamp(Date.now());
  }

  async #goBack(id: string): Promise<void> {
    const back = async (): Promise<void> => {
      if (this.#trial?.id !== id) return;
      this.#endTrial();
      this.#refuse(id, 'box_settings_not_confirmed', []);
      this.#log.warn({ settings: id }, 'settings of the box not confirmed, the former ones count again');
      await this.#apply(this.#laid(this.#parts.file.now.counts)).finally(() => this.#parts.onReport());
    };
    await this.#inTurn(back).catch((error: Error) => {
      if (!this.#isStopped) this.#log.error(thrown(error), 'former settings not applied');
    });
  }

  async #takeBack(id: string, error: Error): Promise<void> {
    this.#log.error({ settings: id, ...thrown(error) }, 'settings of the box not applied');
    this.#refuse(id, 'box_settings_not_applied', [notApplied(error)]);
    await this.#apply(this.#laid(this.#parts.file.now.counts)).catch((failure: Error) =>
      this.#log.error(thrown(failure), 'former settings not applied'),
    );
    this.#parts.onReport();
  }

  #endTrial(): void {
    if (this.#trial !== null) clearTimeout(this.#trial.timer);
    this.#trial = null;
  }

  /** What fits no longer, or not as a whole, is told by name; what the owner of the box does not want is forgotten. */
  #laid(layer: Layer | null): ResolvedConfig {
    if (layer === null) return this.#own;
    const { config, problems } = layOver(this.#own, layer.values);
    if (problems.includes(NOT_TAKEN)) {
      this.#endTrial();
      this.#keep({ counts: null });
      this.#refuse(layer.id, 'box_settings_not_taken', problems);
    } else if (problems.length > 0) this.#refuse(layer.id, 'box_settings_in_part', problems);
    else if (this.#parts.file.now.refused?.code === 'box_settings_in_part') this.#keep({ refused: null });
    return config;
  }

  #refuse(id: string, code: ReplyCode, problems: readonly BoxProblem[]): void {
    const told = problems.map(({ path, en }) => `${path}: ${en}`);
    this.#log.warn({ settings: id, code, problems: told }, 'settings of the box do not count');
    this.#keep({ trial: this.#trial?.id ?? null, refused: { id, code, problems: problems.slice(0, TOLD) } });
  }

  /** What cannot be written now is found again at the next start. */
  #keep(change: Parameters<BoxSettingsFile['write']>[0]): void {
    try {
      this.#parts.file.write(change);
    } catch (error) {
      this.#log.error(thrown(error), 'settings of the box not kept');
    }
  }
}

function notApplied({ message }: Error): BoxProblem {
  return {
    path: '',
    en: `could not be applied (${message})`.slice(0, 500),
    zh: `应用失败（${message}）`.slice(0, 500),
  };
}
