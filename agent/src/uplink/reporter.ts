/**
 * From verified to published: detection, evidence and what is now known are committed together. A detection waits a moment for its
 * pictures and no longer; what is cut later follows in a revision, as the clip does once its last seconds have happened.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, OutageLog, steadyMs, wallMs } from '@roadwatch/common';
import {
  agentTopics,
  type Detection,
  type EvidenceRef,
  type MissingEvidence,
  type MissingReason,
  type ModelRef,
  type Reply,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { CameraConfig } from '../config/schema.ts';
import { CLIP_AFTER_SECONDS } from '../evidence/clip.ts';
import {
  EVIDENCE_NAMES,
  type EvidenceFile,
  type EvidenceMaker,
  type EvidenceSource,
  type OwedSource,
} from '../evidence/evidence.ts';
import { EvidenceError } from '../evidence/still.ts';
import { SEGMENT_SECONDS } from '../ring/segments.ts';
import type { KnownStore } from '../store/known-damage.ts';
import type { KnownDamage, KnownDamages } from '../verify/known-damage.ts';
import type { MessageKind, Outbox } from './outbox.ts';

export interface ReporterOptions {
  readonly site: string;
  readonly agent: string;
  readonly model: ModelRef;
  readonly outbox: Outbox;
  readonly store: KnownStore;
  readonly evidence: EvidenceMaker;
  /** With the key of this box; null where there is none. */
  readonly sign: ((detection: Detection) => Detection) | null;
  /** How long a detection waits for its pictures before it goes out without them. */
  readonly picturesWithinMs?: number;
  /** There is something new in the outbox. */
  onCommitted(): void;
}

/** What the reporter must know of the camera that saw it. */
export interface Witness {
  readonly config: CameraConfig;
  readonly known: KnownDamages;
  /** Null before the camera's first frame. */
  evidenceSource(): EvidenceSource | null;
}

/** A clip is whole when the segment that holds its end has been finished. */
const CLIP_DELAY_MS = (CLIP_AFTER_SECONDS + SEGMENT_SECONDS + 1) * 1000;

/** A still of a box that has time is cut in a few hundred milliseconds. */
const PICTURES_WITHIN_MS = 2_000;
/** What was made, and what will not be. */
interface Cut {
  readonly files: readonly EvidenceFile[];
  readonly missing: readonly MissingEvidence[];
}
const NOTHING: Cut = { files: [], missing: [] };
const ALL_KINDS = ['still', 'overlay', 'clip'] as const;
/** Of what an earlier start has left behind, of one camera; of the rest it is said that it is missing. */
const MAX_SETTLED = 20;

const RETRY = { firstMs: 1_000, maxMs: 60_000 };
/** Reports that may wait for a disk that cannot be written, and how many of them keep their pictures. */
const MAX_WAITING = 500;
const MAX_WAITING_WITH_FILES = 20;

export class Reporter {
  readonly #options: ReporterOptions;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #disk: OutageLog;
  readonly #pending = new Set<Promise<void>>();
  /** One write at a time, in order: what is said of a damage must not overtake what was said before. */
  #writes: Promise<void> = Promise.resolve();
  #revising: Promise<void> = Promise.resolve();
  /** The last revision that was given to a damage whose message may still wait for the disk. */
  readonly #revisions = new Map<string, number>();
  #waiting = 0;

  constructor(options: ReporterOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.#disk = new OutageLog(log, {
      failed: 'cannot write to disk, trying again',
      over: 'disk can be written again',
      level: 'error',
    });
  }

  /** A new damage. `pictures`: cut already, or being cut. */
  opened(witness: Witness, damage: KnownDamage, pictures: Promise<readonly EvidenceFile[]>): void {
    const cut = this.#cut(damage, ['still', 'overlay'], pictures);
    this.#track(async () => {
      const soon = await this.#soon(cut);
      await this.#publish(witness, { ...damage, owed: ALL_KINDS }, 'opened', soon ?? NOTHING);
      const later = soon === null ? cut.then((late) => this.#addEvidence(witness, damage.id, late)) : null;
      await Promise.all([later, this.#publishClip(witness, damage)]);
    });
  }

  /** It has grown, or is seen better now. */
  updated(witness: Witness, damage: KnownDamage): void {
    const source = witness.evidenceSource();
    const mark = { box: damage.box, damageClass: damage.damageClass, score: damage.score };
    // Where they cannot be cut, those from before still show it.
    const cut =
      source === null
        ? Promise.resolve(NOTHING)
        : this.#cut(damage, [], this.#options.evidence.pictures(source, damage.lastSeenAtMs, mark));
    this.#track(async () => {
      const soon = await this.#soon(cut);
      const change = { capturedAtMs: damage.lastSeenAtMs, publishedBox: damage.box };
      await this.#revise(witness, damage.id, soon ?? NOTHING, change);
      if (soon === null) await this.#addEvidence(witness, damage.id, await cut);
    });
  }

  /** The road there is whole again. */
  cleared(witness: Witness, damage: KnownDamage): void {
    this.#track(() => {
      const last = { ...damage, revision: this.#nextRevision(damage) };
      this.#revisions.delete(damage.id);
      // Nobody looks at it any more; what has not come by now is not cut.
      const missing = (damage.owed ?? []).map((kind) => missingOf(kind, 'not_cut'));
      return this.#publish(witness, last, 'cleared', { files: [], missing });
    });
  }

  /** What an earlier start of the agent has promised is cut from what it has recorded, or said to be missing. */
  settle(witness: Witness, from: OwedSource): void {
    const owing = witness.known.all.filter(({ owed = [] }) => owed.length > 0);
    this.#track(async () => {
      for (const [index, damage] of owing.toReversed().entries()) {
        if (this.#stopping.signal.aborted) return;
        if (index < MAX_SETTLED) await this.#settle(witness, damage, from);
        else {
          const missing = (damage.owed ?? []).map((kind) => missingOf(kind, 'not_cut'));
          await this.#addEvidence(witness, damage.id, { files: [], missing });
        }
      }
      if (!this.#stopping.signal.aborted) from.recording.end();
    });
  }

  reply(camera: string, reply: Reply, files: readonly EvidenceFile[]): void {
    const topics = agentTopics(this.#options.site, this.#options.agent);
    const message = { topic: topics.reply(reply.id), value: reply, kind: 'reply' } as const;
    this.#track(() => this.#commit(camera, reply.id, files, message, () => {}));
  }

  /** Ends what waits for a clip; what is being written is finished. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#pending);
  }

  async #publishClip(witness: Witness, opened: KnownDamage): Promise<void> {
    const { signal } = this.#stopping;
    const waitMs = opened.capturedAtMs + CLIP_DELAY_MS - steadyMs();
    await sleep(Math.max(0, waitMs), undefined, { signal }).catch(() => {});
    const source = witness.evidenceSource();
    if (signal.aborted) return;
    const clip =
      source === null
        ? Promise.reject(new EvidenceError('the camera has not shown a picture yet', 'not_recorded'))
        : this.#options.evidence.clip(source, opened.capturedAtMs).then((file) => [file]);
    await this.#addEvidence(witness, opened.id, await this.#cut(opened, ['clip'], clip));
  }

  async #settle(witness: Witness, damage: KnownDamage, from: OwedSource): Promise<void> {
    const { evidence } = this.#options;
    const { owed = [], publishedBox: box, damageClass, score, capturedAtMs } = damage;
    if (owed.includes('still') || owed.includes('overlay')) {
      const pictures = evidence.owedPictures(from, capturedAtMs, { box, damageClass, score });
      await this.#addEvidence(witness, damage.id, await this.#cut(damage, ['still', 'overlay'], pictures));
    }
    if (owed.includes('clip')) {
      const clip = evidence.owedClip(from, capturedAtMs).then((file) => [file]);
      await this.#addEvidence(witness, damage.id, await this.#cut(damage, ['clip'], clip));
    }
  }

  /** What came of it; of what fails these kinds are said to be missing. Nothing is, while the agent is being ended. */
  async #cut(
    { camera, id }: KnownDamage,
    kinds: readonly EvidenceRef['kind'][],
    cutting: Promise<readonly EvidenceFile[]>,
  ): Promise<Cut> {
    try {
      return { files: await cutting, missing: [] };
    } catch (error) {
      if (this.#stopping.signal.aborted) return NOTHING;
      this.#log.warn({ camera, detection: id, reason: (error as Error).message }, 'evidence not cut');
      const reason = error instanceof EvidenceError ? error.reason : 'not_cut';
      return { files: [], missing: kinds.map((kind) => missingOf(kind, reason)) };
    }
  }

  /** What has been cut within the time that a detection waits for it; null when it takes longer. */
  async #soon(cut: Promise<Cut>): Promise<Cut | null> {
    const waiting = new AbortController();
    const withinMs = this.#options.picturesWithinMs ?? PICTURES_WITHIN_MS;
    const late = sleep(withinMs, null, { signal: waiting.signal }).catch(() => null);
    return Promise.race([cut, late]).finally(() => waiting.abort());
  }

  /** Names what was cut later, and what never will be; says nothing when there is neither. */
  async #addEvidence(witness: Witness, id: string, cut: Cut): Promise<void> {
    if (cut.files.length + cut.missing.length > 0) await this.#revise(witness, id, cut, {});
  }

  /** One revision after the other, so that each is made from what the one before it said; none of what is gone meanwhile. */
  #revise(witness: Witness, id: string, cut: Cut, change: Partial<KnownDamage>): Promise<void> {
    const revised = this.#revising.then(async () => {
      const latest = witness.known.get(id);
      if (latest === undefined) return;
      const next = { ...latest, ...change, revision: this.#nextRevision(latest) };
      await this.#publish(witness, next, 'updated', cut);
    });
    this.#revising = revised.catch(() => {});
    return revised;
  }

  /** Above each that was given before, whether or not it is on disk yet. */
  #nextRevision({ id, revision }: KnownDamage): number {
    const next = Math.max(revision, this.#revisions.get(id) ?? 0) + 1;
    this.#revisions.set(id, next);
    return next;
  }

  /** New evidence takes the place of evidence of the same name; the message names it all. */
  async #publish(
    witness: Witness,
    damage: KnownDamage,
    event: Detection['event'],
    { files, missing }: Cut,
  ): Promise<void> {
    const { site, agent, store } = this.#options;
    const nowMs = steadyMs();
    const fresh = files.map(({ ref }) => ref);
    const kept = damage.evidence.filter(({ name }) => !fresh.some((ref) => ref.name === name));
    const evidence = [...kept, ...fresh];
    const gone = [...(damage.missing ?? []), ...missing].filter(
      ({ name }) => !evidence.some((ref) => ref.name === name),
    );
    const settled = [...fresh, ...gone].map(({ kind }) => kind);
    const published: KnownDamage = {
      ...damage,
      evidence,
      missing: gone,
      owed: (damage.owed ?? []).filter((kind) => !settled.includes(kind)),
      publishedAtMs: nowMs,
    };
    const unsigned = this.#toDetection(witness.config, published, event);
    const detection = this.#options.sign?.(unsigned) ?? unsigned;
    const topics = agentTopics(site, agent);
    const message = { topic: topics.detections(damage.camera), value: detection, kind: 'detection' } as const;
    await this.#commit(damage.camera, damage.id, files, message, () => {
      if (event === 'cleared') store.remove(damage.id);
      else store.save(published);
    });
    // Sightings since then must not be lost.
    const latest = witness.known.get(damage.id);
    if (latest !== undefined) {
      const { revision, owed = [], publishedBox, publishedAtMs, capturedAtMs } = published;
      const now = { revision, evidence, missing: gone, owed, publishedBox, publishedAtMs, capturedAtMs };
      witness.known.replace({ ...latest, ...now });
    }
  }

  /** Waits for a disk that is full or broken, as long as the agent runs. Throws when it is given up. */
  async #commit(
    camera: string,
    owner: string,
    files: readonly EvidenceFile[],
    message: { readonly topic: string; readonly value: object; readonly kind: MessageKind },
    also: () => void,
  ): Promise<void> {
    if (this.#waiting >= MAX_WAITING) throw new Error(`${MAX_WAITING} others wait for the disk`);
    const kept = this.#waiting < MAX_WAITING_WITH_FILES ? files : [];
    this.#waiting++;
    const write = this.#writes.then(() =>
      this.#writeUntilDone(() => this.#add(camera, owner, kept, message, also)),
    );
    this.#writes = write.catch(() => {});
    try {
      await write;
    } finally {
      this.#waiting--;
    }
    this.#options.onCommitted();
  }

  #add(
    camera: string,
    owner: string,
    files: readonly EvidenceFile[],
    { topic, value, kind }: { readonly topic: string; readonly value: object; readonly kind: MessageKind },
    also: () => void,
  ): void {
    const { outbox, site, agent } = this.#options;
    const topics = agentTopics(site, agent);
    const nowMs = Date.now();
    // Together in the outbox, or not at all; on the line the detection goes first.
    for (const { ref, bytes } of files) {
      const evidence = topics.evidence(camera, owner, ref.name);
      outbox.add({ topic: evidence, payload: bytes, kind: ref.kind === 'clip' ? 'clip' : 'picture' }, nowMs);
    }
    outbox.add({ topic, payload: Buffer.from(JSON.stringify(value)), kind }, nowMs);
    also();
  }

  async #writeUntilDone(work: () => void): Promise<void> {
    const { signal } = this.#stopping;
    for (let attempt = 0; ; attempt++) {
      try {
        this.#options.outbox.atomically(work);
        return this.#disk.works();
      } catch (error) {
        if (signal.aborted) throw error;
        this.#disk.failed((error as Error).message);
        await sleep(backoffMs(attempt, RETRY, Math.random()), undefined, { signal }).catch(() => {});
      }
    }
  }

  #toDetection(config: CameraConfig, damage: KnownDamage, event: Detection['event']): Detection {
    const { site, agent, model } = this.#options;
    return {
      v: WIRE_VERSION,
      id: damage.id,
      revision: damage.revision,
      event,
      site,
      agent,
      camera: damage.camera,
      damageClass: damage.damageClass,
      score: damage.score,
      // The one that is drawn in the pictures: where it is seen since then differs by a little from look to look.
      box: [...damage.publishedBox],
      frame: damage.frame,
      firstSeenAt: timestamp(wallMs(damage.firstSeenAtMs)),
      verifiedAt: timestamp(wallMs(damage.verifiedAtMs)),
      lastSeenAt: timestamp(wallMs(damage.lastSeenAtMs)),
      capturedAt: timestamp(wallMs(damage.capturedAtMs)),
      publishedAt: timestamp(wallMs(damage.publishedAtMs)),
      observations: { seen: damage.seen, looked: damage.looked },
      ...(config.position === undefined ? {} : { position: config.position }),
      model,
      evidence: [...damage.evidence],
      ...(damage.missing?.length ? { missing: [...damage.missing] } : {}),
    };
  }

  #track(work: () => Promise<void>): void {
    const run = work()
      .catch((error: Error) => this.#log.error({ reason: error.message }, 'detection not written to disk'))
      .finally(() => this.#pending.delete(run));
    this.#pending.add(run);
  }
}

function missingOf(kind: EvidenceRef['kind'], reason: MissingReason): MissingEvidence {
  return { name: EVIDENCE_NAMES[kind], kind, reason };
}
