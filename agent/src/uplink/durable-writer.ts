/**
 * Messages and their files on their way to disk: one write at a time, in order, and tried again for as long as the agent runs,
 * on a disk that is full or broken. What waits is bounded.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, OutageLog } from '@roadwatch/common';
import { type AgentTopics, agentTopics, parseTopic } from '@roadwatch/contract';
import type { MissingReason } from '@roadwatch/contract/codes';
import type { Logger } from 'pino';
import type { EvidenceFile } from '../evidence/evidence.ts';
import type { GivenUp, MessageKind, Outbox } from './outbox.ts';

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

/** A file that was promised and will never be sent. */
export interface LostFile {
  readonly camera: string;
  readonly owner: string;
  readonly name: string;
  readonly sha256: string;
  readonly reason: MissingReason;
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

  /**
   * Resolves when it is in the outbox, together with what `also` writes, with the files for which there is no room, its own and
   * older ones. Throws when it is given up.
   */
  async write(message: DurableMessage, also: () => void): Promise<readonly LostFile[]> {
    if (this.#waiting >= MAX_WAITING) throw new Error(`${MAX_WAITING} others wait for the disk`);
    const files = this.#waiting < MAX_WAITING_WITH_FILES ? message.files : [];
    this.#waiting++;
    const write = this.#writes.then(() =>
      this.#untilDone(() => {
        const givenUp = this.#add({ ...message, files });
        also();
        return givenUp;
      }),
    );
    this.#writes = write.then(
      () => {},
      () => {},
    );
    const givenUp = await write.finally(() => this.#waiting--);
    this.#options.onCommitted();
    const { camera, owner } = message;
    const unwritten = message.files.filter((file) => !files.includes(file)).map(({ ref }) => ref);
    return [
      ...unwritten.map(({ name, sha256 }): LostFile => ({ camera, owner, name, sha256, reason: 'no_room' })),
      ...givenUp.flatMap((message) => lostFile(message, 'no_room')),
    ];
  }

  /** On the line the detection goes first. */
  #add({ camera, owner, kind, topic, value, files }: DurableMessage): readonly GivenUp[] {
    const { outbox } = this.#options;
    const nowMs = Date.now();
    const givenUp = files.flatMap(({ ref, bytes }) => {
      const evidence = this.#topics.evidence(camera, owner, ref.name);
      return outbox.add({ topic: evidence, payload: bytes, kind: kindOf(ref, kind) }, nowMs);
    });
    return [...givenUp, ...outbox.add({ topic, payload: Buffer.from(JSON.stringify(value)), kind }, nowMs)];
  }

  async #untilDone<T>(work: () => T): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        const done = this.#options.outbox.atomically(work);
        this.#disk.works();
        return done;
      } catch (error) {
        if (this.#stopping.aborted) throw error;
        this.#disk.failed((error as Error).message);
        const pauseMs = backoffMs(attempt, RETRY, Math.random());
        await sleep(pauseMs, undefined, { signal: this.#stopping }).catch(() => {});
      }
    }
  }
}

/** How a file goes that comes with such a message. */
function kindOf({ kind, onRequest = false }: EvidenceFile['ref'], message: MessageKind): MessageKind {
  if (message === 'reply') return 'asked';
  if (onRequest) return 'kept';
  return kind === 'clip' ? 'clip' : 'picture';
}

/** The file that the message was to bring; none, if it was no file's. */
export function lostFile({ topic, sha256 }: GivenUp, reason: MissingReason): LostFile[] {
  const of = parseTopic(topic);
  if (of?.kind !== 'evidence') return [];
  return [{ camera: of.camera, owner: of.owner, name: of.name, sha256, reason }];
}
