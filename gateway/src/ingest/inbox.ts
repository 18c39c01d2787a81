/**
 * Messages on their way into the store. What comes while a commit is under way shares the next one, so the cost of making a
 * commit durable is paid once for many messages.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { OutageLog, thrown } from '@roadwatch/common';
import { parseTopic } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { Message } from '../broker/message.ts';
import { formatAgentName } from '../cameras/source.ts';
import type { AgentLimits } from '../config/agents.ts';
import type { FileName } from '../evidence/parts.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import type { Store } from '../store/database.ts';
import { StoreTrouble } from '../store/trouble.ts';
import { filesOf, finishFile } from './files.ts';
import { HeldBack, type Waiting } from './held-back.ts';
import { type Received, readMessage } from './message.ts';
import { Rates } from './rates.ts';
import { type Committed, type Outcome, type Receivers, receive } from './receive.ts';
import { keepRefused, trimRefused } from './refused.ts';
import { screen, turnAway } from './screen.ts';
import { Turns } from './turns.ts';

const BATCH = 250;
const MAX_MESSAGES = 2000;
const MAX_BYTES = 64 * 1024 * 1024;
const RETRY_MS = [100, 250, 500, 1000, 2000];
const TRIM_EVERY = 1000;

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
  readonly #held: HeldBack;
  #bytes = 0;
  #running: Promise<void> | null = null;
  #room: (() => void)[] = [];
  #refusals = 0;
  /** When the call of the store began that has not ended. */
  #askedMs: number | null = null;
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
    this.#held = new HeldBack(parts.limits);
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

  /** For how long the store has neither taken nor refused what it was given, in ms; 0 while it answers. */
  unansweredMs(nowMs: number): number {
    return this.#askedMs === null ? 0 : nowMs - this.#askedMs;
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
    if (limit !== null) {
      const held = this.#held.add(sender, message.topic, limit, onStored);
      if (held !== null) this.#queue.add(sender, held);
    } else {
      this.#bytes += message.payload.length;
      // Read when its turn has come, so that who sends much has it read at its own expense.
      this.#queue.add(sender, () => ({ message: this.#read(message), settle: onStored }));
    }
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
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
      this.#askedMs = performance.now();
      const result = await attempt().finally(() => {
        this.#askedMs = null;
      });
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
      this.#log.error({ ...thrown(error), messages: batch.length }, 'storing messages failed');
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

  async #finishFiles(parts: readonly Received[]): Promise<void> {
    for (const { file, topic } of filesOf(parts)) {
      if (this.full) continue;
      try {
        const finished = await finishFile(this.#store, file, topic);
        if (finished === null) continue;
        if ('answer' in finished) this.#answerFile(file, finished.answer);
        else this.#takeFile(file, finished.whole);
      } catch (error) {
        this.#log.error(thrown(error), 'a file was not put together');
      }
    }
  }

  #answerFile(file: FileName, answer: Committed): void {
    const { message, outcome } = answer;
    if (outcome !== null)
      this.#log.warn({ agent: formatAgentName(file), topic: message.topic, ...outcome }, 'file refused');
    this.#onCommitted([answer]);
  }

  #takeFile(file: FileName, whole: Received): void {
    this.#bytes += whole.payload.length;
    this.#queue.add(formatAgentName(file), () => ({ message: whole, settle: () => {} }));
  }

  /** One message that fails on its own, in a store that can be written, must not hold up the rest. */
  async #setAside(waiting: Waiting, error: Error): Promise<boolean> {
    const reason = `could not be stored: ${error.message}`;
    try {
      await this.#store.transaction((tx) => keepRefused(tx, { ...waiting.message, reason }));
    } catch {
      return false;
    }
    this.#settle([waiting], [{ code: 'message_not_storable', reason }]);
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
