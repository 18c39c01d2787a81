/**
 * Messages on their way into the store. What comes while a commit is under way shares the next one, so the cost of making a
 * commit durable is paid once for many messages.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { OutageLog } from '@roadwatch/common';
import { parseTopic } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { Message } from '../broker/message.ts';
import { formatAgentName } from '../cameras/source.ts';
import type { AgentLimits } from '../config/agents.ts';
import { assemble, type FileName, forgetParts } from '../evidence/parts.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import type { Store } from '../store/database.ts';
import { StoreTrouble } from '../store/trouble.ts';
import type { Limit } from './limits.ts';
import { type Received, readMessage } from './message.ts';
import { Rates } from './rates.ts';
import { type Outcome, type Receivers, receive } from './receive.ts';
import { keepRefused, trimRefused } from './refused.ts';
import { screen, turnAway } from './screen.ts';
import { Turns } from './turns.ts';

const BATCH = 250;
const MAX_MESSAGES = 2000;
const MAX_BYTES = 64 * 1024 * 1024;
const RETRY_MS = [100, 250, 500, 1000, 2000];
const TRIM_EVERY = 1000;
const NOTHING = new Uint8Array();

export interface Committed {
  readonly message: Received;
  readonly outcome: Outcome;
}
interface Waiting {
  readonly message: Received;
  readonly settle: () => void;
}

/** Messages of one agent that were over a limit, until what they are counted in is committed. */
interface Held {
  times: number;
  readonly settles: (() => void)[];
}

export class Inbox {
  readonly #store: Store;
  readonly #evidence: EvidenceStore;
  readonly #receivers: Receivers;
  readonly #limits: AgentLimits;
  readonly #log: Logger;
  readonly #lookingUp: OutageLog;
  readonly #storingPictures: OutageLog;
  readonly #onCommitted: (batch: readonly Committed[]) => void;
  readonly #queue = new Turns<() => Waiting>();
  readonly #rates: Rates;
  readonly #held = new Map<string, Held>();
  #bytes = 0;
  #running: Promise<void> | null = null;
  #room: (() => void)[] = [];
  #refusals = 0;
  readonly #stop = new AbortController();

  constructor(parts: {
    readonly store: Store;
    readonly evidence: EvidenceStore;
    readonly receivers: Receivers;
    readonly limits: AgentLimits;
    readonly log: Logger;
    /** Called after each commit, before the senders' messages are settled. */
    readonly onCommitted: (batch: readonly Committed[]) => void;
  }) {
    this.#store = parts.store;
    this.#evidence = parts.evidence;
    this.#receivers = parts.receivers;
    this.#limits = parts.limits;
    this.#rates = new Rates(parts.limits);
    this.#log = parts.log;
    this.#lookingUp = new OutageLog(parts.log, {
      failed: 'who may send could not be looked up',
      level: 'error',
    });
    this.#storingPictures = new OutageLog(parts.log, {
      failed: 'storing pictures failed; their agents send them again',
      over: 'pictures are stored again',
      level: 'error',
    });
    this.#onCommitted = parts.onCommitted;
  }

  get full(): boolean {
    return this.#queue.size >= MAX_MESSAGES || this.#bytes >= MAX_BYTES;
  }

  /** Resolves once there is room for another message, or `signal` says that nobody waits for it. */
  async room(signal?: AbortSignal): Promise<void> {
    while (this.full && !this.#stop.signal.aborted && !signal?.aborted)
      await new Promise<void>((resolve) => {
        this.#room.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
  }

  /** Resolves once the message's fate is committed; what nobody waits for any more while there is no room is let go. */
  async take(message: Message, signal: AbortSignal): Promise<void> {
    if (this.full) await this.room(signal);
    if (signal.aborted) return;
    await new Promise<void>((resolve) => this.offer(message, resolve));
  }

  /** `onStored` is called once the message's fate is committed; never, if the gateway stops before. */
  offer(message: Message, onStored: () => void): void {
    if (this.#stop.signal.aborted) return;
    const sender = senderOf(message.topic);
    const limit = sender === '' ? null : this.#rates.take(sender, message.payload.length);
    if (limit !== null) this.#hold(sender, message, limit, onStored);
    else {
      this.#bytes += message.payload.length;
      // Read when its turn has come, so that who sends much has it read at its own expense.
      this.#queue.add(sender, () => ({ message: this.#read(message), settle: onStored }));
    }
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Counted with those like it that wait already, and neither read nor kept. */
  #hold(sender: string, { topic }: Message, limit: Limit, onStored: () => void): void {
    const key = `${sender} ${limit}`;
    const waiting = this.#held.get(key);
    if (waiting !== undefined) {
      waiting.times++;
      waiting.settles.push(onStored);
      return;
    }
    const held: Held = { times: 1, settles: [onStored] };
    this.#held.set(key, held);
    this.#queue.add(sender, () => {
      this.#held.delete(key);
      const message = readMessage({ topic, payload: NOTHING });
      return {
        message: { ...turnAway(message, limit, this.#limits), times: held.times },
        settle: () => {
          for (const settle of held.settles) settle();
        },
      };
    });
  }

  #read(message: Message): Received {
    const received = readMessage(message);
    const kind = message.retained ? parseTopic(message.topic)?.kind : 'status';
    return kind === 'status' || kind === 'camera-state'
      ? received
      : turnAway(received, 'retained', this.#limits);
  }

  /** Lets the commit under way finish; what is not yet committed stays with its sender. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#makeRoom();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.size > 0 && !this.#stop.signal.aborted) {
      const batch = this.#queue.take(BATCH).map((open) => open());
      const screened = await this.#untilDone(() => this.#screen(batch));
      if (screened === null) return;
      let left = await this.#putPictures(screened);
      const parts = left
        .map(({ message }) => message)
        .filter(({ content }) => content.kind === 'evidence-part');
      const done = await this.#untilDone(async () => {
        left = await this.#commit(left);
        return left.length === 0 ? parts : null;
      });
      if (done === null) return;
      for (const { message } of batch) this.#bytes -= message.payload.length;
      await this.#finishFiles(done);
      this.#makeRoom();
    }
  }

  /** Tries again for as long as the answer is null, as while the store is away; null when the gateway stops meanwhile. */
  async #untilDone<T>(attempt: () => Promise<T | null>): Promise<T | null> {
    for (let attempts = 0; ; attempts++) {
      const result = await attempt();
      if (result !== null) return result;
      const wait = RETRY_MS[Math.min(attempts, RETRY_MS.length - 1)] as number;
      await delay(wait, null, { signal: this.#stop.signal }).catch(() => {});
      if (this.#stop.signal.aborted) return null;
    }
  }

  /** Null when the store could not be asked. */
  async #screen(batch: readonly Waiting[]): Promise<readonly Waiting[] | null> {
    try {
      const messages = await screen(
        this.#store.db,
        batch.map(({ message }) => message),
        this.#limits,
        this.#store.now(),
      );
      this.#lookingUp.works();
      return batch.map(({ settle }, index) => ({ message: messages[index] as Received, settle }));
    } catch (error) {
      this.#lookingUp.failed((error as Error).message);
      return null;
    }
  }

  /** Returns what cannot be committed at present. */
  async #commit(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    if (batch.length === 0) return [];
    try {
      this.#settle(batch, await this.#commitAll(batch.map(({ message }) => message)));
      return [];
    } catch (error) {
      // Told once by the store's health. Nothing is wrong with the messages: to set one aside would be to lose it.
      if (error instanceof StoreTrouble) return batch;
      this.#log.error(
        { reason: (error as Error).message, messages: batch.length },
        'storing messages failed',
      );
      if (batch.length === 1) {
        const aside = await this.#setAside(batch[0] as Waiting, error as Error);
        return aside ? [] : batch;
      }
    }
    for (const [index, waiting] of batch.entries())
      if ((await this.#commit([waiting])).length > 0) return batch.slice(index);
    return [];
  }

  /**
   * Returns the messages whose pictures, if they are some, are stored. The others are let go without our acknowledgement: the agent
   * keeps them and sends them again, and what comes behind them need not wait for an evidence store that is down.
   */
  async #putPictures(batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    const pictures = batch.filter(({ message }) => message.content.kind === 'evidence');
    const failed = new Map<Waiting, string>();
    await Promise.all(
      pictures.map((waiting) =>
        this.#evidence
          .put(waiting.message.sha256, waiting.message.payload)
          .catch((error: Error) => failed.set(waiting, error.message)),
      ),
    );
    const [reason] = failed.values();
    if (reason === undefined) {
      if (pictures.length > 0) this.#storingPictures.works();
      return batch;
    }
    this.#storingPictures.failed(reason);
    for (const { settle } of failed.keys()) settle();
    return batch.filter((waiting) => !failed.has(waiting));
  }

  async #commitAll(messages: readonly Received[]): Promise<Outcome[]> {
    return this.#store.transaction(async (tx) => {
      const outcomes = await receive(tx, messages, this.#receivers);
      const refusals = outcomes.filter((outcome) => outcome !== null).length;
      const due =
        Math.floor((this.#refusals + refusals) / TRIM_EVERY) > Math.floor(this.#refusals / TRIM_EVERY);
      this.#refusals += refusals;
      if (due) await trimRefused(tx);
      return outcomes;
    });
  }

  /**
   * Files whose last part may have come now, and of which the sender asks by sending a part again. What cannot be finished now, as
   * while the store is away, is finished when the agent, which has no answer for the file, asks again.
   */
  async #finishFiles(parts: readonly Received[]): Promise<void> {
    const files = new Map<string, Received>();
    for (const message of parts)
      if (message.content.kind === 'evidence-part')
        files.set(`${senderOf(message.topic)} ${message.content.part.sha256}`, message);
    for (const { from, content } of files.values()) {
      if (from === null || content.kind !== 'evidence-part' || this.full) continue;
      try {
        await this.#finishFile({ ...from, sha256: content.part.sha256 }, content.file);
      } catch (error) {
        this.#log.error({ reason: (error as Error).message }, 'a file was not put together');
      }
    }
  }

  async #finishFile(file: FileName, topic: string): Promise<void> {
    const whole = await assemble(this.#store.db, file);
    if (whole === null) return;
    if (whole === 'stored' || whole === 'spoilt') {
      const outcome = whole === 'stored' ? null : 'its parts make another file: its SHA-256 is not theirs';
      if (outcome !== null)
        this.#log.warn({ agent: formatAgentName(file), topic, reason: outcome }, 'file refused');
      await this.#store.transaction((tx) => forgetParts(tx, file));
      const message = { ...readMessage({ topic, payload: NOTHING }), sha256: file.sha256 };
      this.#onCommitted([{ message, outcome }]);
      return;
    }
    this.#bytes += whole.length;
    this.#queue.add(formatAgentName(file), () => ({
      message: { ...readMessage({ topic, payload: whole }), assembled: true },
      settle: () => {},
    }));
  }

  /** One message that fails on its own, in a store that can be written, must not hold up the rest. */
  async #setAside(waiting: Waiting, error: Error): Promise<boolean> {
    const reason = `could not be stored: ${error.message}`;
    try {
      await this.#store.transaction((tx) => keepRefused(tx, { ...waiting.message, reason }));
    } catch {
      return false;
    }
    this.#settle([waiting], [reason]);
    return true;
  }

  #settle(batch: readonly Waiting[], outcomes: readonly Outcome[]): void {
    this.#onCommitted(batch.map(({ message }, index) => ({ message, outcome: outcomes[index] ?? null })));
    for (const { settle } of batch) settle();
  }

  #makeRoom(): void {
    const waiting = this.#room;
    this.#room = [];
    for (const resolve of waiting) resolve();
  }
}

/** Whose turn and whose limits a message counts for; empty when its topic does not say. */
function senderOf(topic: string): string {
  const from = parseTopic(topic);
  return from === null ? '' : formatAgentName(from);
}
