/**
 * What a program tells the service manager that started it (sd_notify(3)): that it is ready, that it is alive, and how it is in one
 * sentence. Node has no datagram sockets of the kind, so `systemd-notify` sends them, which is wherever systemd is; its unit
 * therefore needs `NotifyAccess=all`. It asks for one such child at a time, a few a minute. Without a manager nothing happens.
 */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './log.ts';
import { OutageLog } from './outage-log.ts';

/** How a program is: in a sentence, and since when that which it is there for does not go on, if so. */
export interface Liveness {
  readonly status: string;
  /** What hangs; null while all goes on, also when there is nothing to do. */
  readonly stuck: string | null;
}

/** The manager ends the program after a period without a word: three are said in each, so that one may be lost. */
const WORDS_A_PERIOD = 3;
/** How often the sentence is said anew where the manager does not watch. */
const UNWATCHED_MS = 30_000;
const SEND_TIMEOUT_MS = 10_000;

export class ServiceManager {
  readonly #socket: string | undefined;
  readonly #everyMs: number;
  readonly #isWatched: boolean;
  readonly #log: Log;
  readonly #sending: OutageLog;
  readonly #stopping = new AbortController();
  #telling: Promise<void> = Promise.resolve();

  /** Takes what the manager has said in the environment out of it, so that no child speaks for the program. */
  static of(env: NodeJS.ProcessEnv, log: Log): ServiceManager {
    const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID } = env;
    for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
    const isForUs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(process.pid);
    const watchedMs = isForUs && /^\d+$/.test(WATCHDOG_USEC ?? '') ? Number(WATCHDOG_USEC) / 1000 : 0;
    return new ServiceManager(NOTIFY_SOCKET === '' ? undefined : NOTIFY_SOCKET, watchedMs, log);
  }

  private constructor(socket: string | undefined, watchedMs: number, log: Log) {
    this.#socket = socket;
    this.#isWatched = watchedMs > 0;
    this.#everyMs = this.#isWatched ? watchedMs / WORDS_A_PERIOD : UNWATCHED_MS;
    this.#log = log;
    this.#sending = new OutageLog(log, { failed: 'the service manager cannot be told', level: 'error' });
  }

  /**
   * Says that the program is ready, and from then on that it is alive: for as long as `judge` answers and names nothing that is
   * stuck. The manager ends what says nothing any more.
   */
  ready(judge: () => Liveness | Promise<Liveness>): void {
    if (this.#socket !== undefined) this.#telling = this.#tell(judge);
  }

  /** Says that the program ends; resolves once nothing is being sent. */
  async stopping(): Promise<void> {
    this.#stopping.abort();
    await this.#telling;
    if (this.#socket !== undefined) await this.#send(['STOPPING=1']);
  }

  async #tell(judge: () => Liveness | Promise<Liveness>): Promise<void> {
    const { signal } = this.#stopping;
    let wasStuck = false;
    for (let first = true; !signal.aborted; first = false) {
      const { status, stuck } = await judge();
      if (stuck !== null && !wasStuck)
        this.#log.error({ stuck }, this.#isWatched ? 'stuck: the service manager will end it' : 'stuck');
      wasStuck = stuck !== null;
      const words = [
        ...(first ? ['READY=1'] : []),
        ...(this.#isWatched && stuck === null ? ['WATCHDOG=1'] : []),
        `STATUS=${stuck ?? status}`,
      ];
      await this.#send(words);
      await sleep(this.#everyMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Never throws: what the manager is not told is not worth ending for. */
  #send(words: readonly string[]): Promise<void> {
    return new Promise((resolve) => {
      execFile(
        'systemd-notify',
        [...words],
        {
          env: { PATH: process.env.PATH, NOTIFY_SOCKET: this.#socket },
          timeout: SEND_TIMEOUT_MS,
          killSignal: 'SIGKILL',
        },
        (error) => {
          if (error === null) this.#sending.works();
          else this.#sending.failed(error.message.trim());
          resolve();
        },
      );
    });
  }
}
