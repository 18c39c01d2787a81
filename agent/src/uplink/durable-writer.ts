/**
 * Messages and their files on their way to disk: one write at a time, in order, and tried again for as long as the agent runs,
 * on a disk that is full or broken. What waits is bounded.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, OutageLog } from '@roadwatch/common';
import { type AgentTopics, agentTopics } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { EvidenceFile } from '../evidence/evidence.ts';
import type { MessageKind, Outbox } from './outbox.ts';

export interface WriterOptions {
  readonly site: string;
  readonly agent: string;
  readonly outbox: Outbox;
  /** There is something new in the outbox. */
  onCommitted(): void;
}

/** A message, and the files that are written with it or not at all. */
export interface DurableMessage {
  readonly camera: string;
  /** The id of the detection or command that the files belong to. */
  readonly owner: string;
  readonly kind: MessageKind;
  readonly topic: string;
  readonly value: object;
  readonly files: readonly EvidenceFile[];
}

const RETRY = { firstMs: 1_000, maxMs: 60_000 };
/** Messages that may wait for a disk that cannot be written, and how many of them keep their files. */
const MAX_WAITING = 500;
const MAX_WAITING_WITH_FILES = 20;

export class DurableWriter {
  readonly #options: WriterOptions;
  readonly #topics: AgentTopics;
  readonly #stopping: AbortSignal;
  readonly #disk: OutageLog;
  /** What is said of a damage must not overtake what was said before. */
  #writes: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** Once `stopping` is aborted, what fails is not tried again. */
  constructor(options: WriterOptions, stopping: AbortSignal, log: Logger) {
    this.#options = options;
    this.#topics = agentTopics(options.site, options.agent);
    this.#stopping = stopping;
    this.#disk = new OutageLog(log, {
      failed: 'cannot write to disk, trying again',
      over: 'disk can be written again',
      level: 'error',
    });
  }

  /** Resolves when it is in the outbox, together with what `also` writes. Throws when it is given up. */
  async write(message: DurableMessage, also: () => void): Promise<void> {
    if (this.#waiting >= MAX_WAITING) throw new Error(`${MAX_WAITING} others wait for the disk`);
    const files = this.#waiting < MAX_WAITING_WITH_FILES ? message.files : [];
    this.#waiting++;
    const write = this.#writes.then(() =>
      this.#untilDone(() => {
        this.#add({ ...message, files });
        also();
      }),
    );
    this.#writes = write.catch(() => {});
    try {
      await write;
    } finally {
      this.#waiting--;
    }
    this.#options.onCommitted();
  }

  /** On the line the detection goes first. */
  #add({ camera, owner, kind, topic, value, files }: DurableMessage): void {
    const { outbox } = this.#options;
    const nowMs = Date.now();
    for (const { ref, bytes } of files) {
      const evidence = this.#topics.evidence(camera, owner, ref.name);
      outbox.add({ topic: evidence, payload: bytes, kind: ref.kind === 'clip' ? 'clip' : 'picture' }, nowMs);
    }
    outbox.add({ topic, payload: Buffer.from(JSON.stringify(value)), kind }, nowMs);
  }

  async #untilDone(work: () => void): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        this.#options.outbox.atomically(work);
        return this.#disk.works();
      } catch (error) {
        if (this.#stopping.aborted) throw error;
        this.#disk.failed((error as Error).message);
        const pauseMs = backoffMs(attempt, RETRY, Math.random());
        await sleep(pauseMs, undefined, { signal: this.#stopping }).catch(() => {});
      }
    }
  }
}
