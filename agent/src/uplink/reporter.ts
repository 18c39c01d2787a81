/**
 * From verified to published: detection, evidence and what is now known are committed together. A detection waits a moment for its
 * pictures and no longer; what is cut later follows in a revision, as the clip does once its last seconds have happened.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { steadyMs, thrown } from '@roadwatch/common';
import {
  agentTopics,
  type Detection,
  type EvidenceRef,
  type ModelRef,
  type Reply,
} from '@roadwatch/contract';
import type { MissingReason } from '@roadwatch/contract/codes';
import type { Logger } from 'pino';
import type { CameraConfig } from '../config/schema.ts';
import { CLIP_AFTER_SECONDS } from '../evidence/clip.ts';
import {
  type EvidenceFile,
  type EvidenceMaker,
  type EvidenceSource,
  type OwedSource,
  TURN_WITHIN_MS,
} from '../evidence/evidence.ts';
import { EvidenceError } from '../evidence/still.ts';
import { SEGMENT_SECONDS } from '../ring/segments.ts';
import { hasTurn } from '../ring/turn.ts';
import type { KnownStore } from '../store/known-damage.ts';
import type { KnownDamage, KnownDamages, Published } from '../verify/known-damage.ts';
import { type Cut, detectionMessage, lostOf, NOTHING, noneOf, withEvidence } from './detection-message.ts';
import { DurableWriter, type LostFile, lostFile, type WriterOptions } from './durable-writer.ts';
import type { GivenUp } from './outbox.ts';

export interface ReporterOptions extends WriterOptions {
  readonly model: ModelRef;
  readonly store: KnownStore;
  readonly evidence: EvidenceMaker;
  /** With the key of this box; null where there is none. */
  readonly sign: ((detection: Detection) => Detection) | null;
  /** Undefined for a camera that is not there any more. */
  witness(camera: string): Witness | undefined;
  /** Whether a clip that is there now is kept on the box until somebody asks for it. */
  keepsClips(): boolean;
  /** How long a detection waits for its pictures before it goes out without them. */
  readonly picturesWithinMs?: number;
}

/** What the reporter must know of the camera that saw it. */
export interface Witness {
  readonly config: CameraConfig;
  readonly known: Pick<KnownDamages, 'all' | 'get' | 'partsOf'>;
  /** What has become of a damage by being published is to be noted in `known`, if it is still there. */
  published(id: string, what: Published): void;
  /** Null before the camera's first frame. */
  evidenceSource(): EvidenceSource | null;
  /** Aborted when it sees no more: what is still to be cut then is left to whoever has what it recorded. */
  readonly ended: AbortSignal;
}

/** A clip is whole when the segment that holds its end has been finished. */
const CLIP_DELAY_MS = (CLIP_AFTER_SECONDS + SEGMENT_SECONDS + 1) * 1000;

/** A still of a box that has time is cut in a few hundred milliseconds. */
const PICTURES_WITHIN_MS = 2_000;
const ALL_KINDS = ['still', 'overlay', 'clip'] as const;
/** Of what an earlier start has left behind, of one camera; of the rest it is said that it is missing. */
const MAX_SETTLED = 20;

export class Reporter {
  readonly #options: ReporterOptions;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #writer: DurableWriter;
  /** What is under way, and of which camera. */
  readonly #pending = new Map<Promise<void>, string>();
  #revising: Promise<void> = Promise.resolve();
  /** The last revision that was given to a damage whose message may still wait for the disk. */
  readonly #revisions = new Map<string, number>();

  constructor(options: ReporterOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.#writer = new DurableWriter(options, this.#stopping.signal, log);
  }

  /** A new damage. `pictures`: cut already, or being cut. `seen`: what stands in for them until they come; null where nothing does. */
  opened(
    witness: Witness,
    damage: KnownDamage,
    pictures: Promise<readonly EvidenceFile[]>,
    seen: Promise<readonly EvidenceFile[]> | null = null,
  ): void {
    const cut = this.#cut(damage, ['still', 'overlay'], pictures);
    const standIn = seen?.catch(() => []) ?? [];
    this.#track(damage.camera, async () => {
      const soon = await this.#soon(cut);
      const instead = soon === null || soon.files.length === 0 ? await standIn : [];
      const first = instead.length > 0 ? { files: instead, missing: [] } : (soon ?? NOTHING);
      await this.#publish(witness, { ...damage, owed: ALL_KINDS }, 'opened', first);
      const later = soon === null ? this.#addLater(witness, damage.id, cut, instead.length > 0) : null;
      await Promise.all([later, this.#publishClip(witness, damage)]);
    });
  }

  /** It has grown, or more was found beside it. */
  updated(witness: Witness, damage: KnownDamage): void {
    const source = witness.evidenceSource();
    const mark = { box: damage.box, damageClass: damage.damageClass, score: damage.score };
    // Where they cannot be cut, those from before still show it.
    const cut =
      source === null
        ? Promise.resolve(NOTHING)
        : this.#cut(damage, [], this.#options.evidence.pictures(source, damage.lastSeenAtMs, mark, 'found'));
    this.#track(damage.camera, async () => {
      const soon = await this.#soon(cut);
      const change = { capturedAtMs: damage.lastSeenAtMs, publishedBox: damage.box };
      await this.#revise(witness, damage.id, () => soon ?? NOTHING, change);
      if (soon === null) await this.#addEvidence(witness, damage.id, await cut);
    });
  }

  /** The road there is whole again. */
  cleared(witness: Witness, damage: KnownDamage): void {
    this.#track(damage.camera, () => {
      const last = { ...damage, revision: this.#nextRevision(damage) };
      this.#revisions.delete(damage.id);
      // Nobody looks at it any more; what has not come by now is not cut.
      return this.#publish(witness, last, 'cleared', noneOf(damage.owed ?? [], 'not_cut'));
    });
  }

  /** What an earlier start of the agent has promised is cut from what it has recorded, or said to be missing. */
  settle(witness: Witness, from: OwedSource): void {
    const owing = witness.known.all.filter(({ owed = [] }) => owed.length > 0);
    this.#track(witness.config.id, async () => {
      for (const [index, damage] of owing.toReversed().entries()) {
        if (this.#stopping.signal.aborted) return;
        if (index < MAX_SETTLED) await this.#settle(witness, damage, from);
        else await this.#addEvidence(witness, damage.id, noneOf(damage.owed ?? [], 'not_cut'));
      }
      if (!this.#stopping.signal.aborted) from.recording.end();
    });
  }

  reply(camera: string, reply: Reply, files: readonly EvidenceFile[]): void {
    const topics = agentTopics(this.#options.site, this.#options.agent);
    const message = {
      camera,
      owner: reply.id,
      kind: 'reply',
      topic: topics.reply(reply.id),
      value: reply,
    } as const;
    this.#track(camera, async () => this.#sayLost(await this.#writer.write({ ...message, files }, () => {})));
  }

  /** A message that was set aside: if it was a file, nobody need wait for it. */
  setAside(message: GivenUp, reason: MissingReason): void {
    this.#sayLost(lostFile(message, reason));
  }

  /** Ends what waits for a clip; what is being written is finished. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    while (this.#pending.size > 0) await Promise.all(this.#pending.keys());
  }

  /** Resolves when nothing of a camera that has ended is under way any more. */
  async drained(camera: string): Promise<void> {
    for (;;) {
      const own = [...this.#pending].filter(([, of]) => of === camera).map(([run]) => run);
      if (own.length === 0) return;
      await Promise.all(own);
    }
  }

  async #publishClip(witness: Witness, opened: KnownDamage): Promise<void> {
    const signal = AbortSignal.any([this.#stopping.signal, witness.ended]);
    // A camera that records only while it is needed goes on meanwhile, or waits for its turn to.
    const ring = witness.evidenceSource()?.recording.ring;
    const leave = ring?.follow('found') ?? (() => {});
    const isLate = ring?.isHeldBack === true;
    if (ring !== undefined) await hasTurn(ring, TURN_WITHIN_MS.found, signal);
    const fromMs = isLate ? steadyMs() : opened.capturedAtMs;
    const waitMs = fromMs + CLIP_DELAY_MS - steadyMs();
    await sleep(Math.max(0, waitMs), undefined, { signal }).catch(() => {});
    try {
      if (!signal.aborted) await this.#cutClip(witness, opened);
    } finally {
      leave();
    }
  }

  async #cutClip(witness: Witness, opened: KnownDamage): Promise<void> {
    const source = witness.evidenceSource();
    const clip =
      source === null
        ? Promise.reject(new EvidenceError('the camera has not shown a picture yet', 'not_recorded'))
        : this.#options.evidence.clip(source, opened.capturedAtMs).then((file) => [this.#keptOrNot(file)]);
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
      const clip = evidence.owedClip(from, capturedAtMs).then((file) => [this.#keptOrNot(file)]);
      await this.#addEvidence(witness, damage.id, await this.#cut(damage, ['clip'], clip));
    }
  }

  #keptOrNot(clip: EvidenceFile): EvidenceFile {
    return this.#options.keepsClips() ? { ...clip, ref: { ...clip.ref, onRequest: true } } : clip;
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
      return noneOf(kinds, reason);
    }
  }

  /** What has been cut within the time that a detection waits for it; null when it takes longer. */
  async #soon(cut: Promise<Cut>): Promise<Cut | null> {
    const waiting = new AbortController();
    const withinMs = this.#options.picturesWithinMs ?? PICTURES_WITHIN_MS;
    const late = sleep(withinMs, null, { signal: waiting.signal }).catch(() => null);
    return Promise.race([cut, late]).finally(() => waiting.abort());
  }

  /** Once it is cut. `isThere`: something that stands in for it has gone out, so nothing is missing without it. */
  async #addLater(witness: Witness, id: string, cut: Promise<Cut>, isThere: boolean): Promise<void> {
    const { files, missing } = await cut;
    await this.#addEvidence(witness, id, { files, missing: isThere ? [] : missing });
  }

  /** Names what was cut later, and what never will be; says nothing when there is neither. */
  async #addEvidence(witness: Witness, id: string, cut: Cut): Promise<void> {
    if (cut.files.length + cut.missing.length > 0) await this.#revise(witness, id, () => cut);
  }

  /** One revision after the other, so that each is made from what the one before it said; none of what is gone meanwhile. */
  #revise(
    witness: Witness,
    id: string,
    cutFor: (latest: KnownDamage) => Cut | null,
    change: Partial<KnownDamage> = {},
  ): Promise<void> {
    const revised = this.#revising.then(async () => {
      const latest = witness.known.get(id);
      const cut = latest === undefined ? null : cutFor(latest);
      if (latest === undefined || cut === null) return;
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

  /** The message names all evidence that there is by now. */
  async #publish(witness: Witness, damage: KnownDamage, event: Detection['event'], cut: Cut): Promise<void> {
    const { store, site, agent, sign } = this.#options;
    const published = withEvidence(damage, cut, steadyMs());
    const unsigned = detectionMessage(this.#options, witness.config, published, event);
    const { id, camera } = damage;
    const lost = await this.#writer.write(
      {
        camera,
        owner: id,
        kind: 'detection',
        topic: agentTopics(site, agent).detections(camera),
        value: sign?.(unsigned) ?? unsigned,
        files: cut.files,
      },
      () => {
        if (event === 'cleared') return store.remove(id);
        for (const known of [published, ...witness.known.partsOf(id)]) store.save(known);
      },
    );
    witness.published(id, published);
    this.#sayLost(lost);
  }

  /** What will never be sent is said to be missing: nobody need wait for it. */
  #sayLost(lost: readonly LostFile[]): void {
    for (const [owner, files] of Map.groupBy(lost, (file) => file.owner)) {
      const witness = this.#options.witness((files[0] as LostFile).camera);
      if (witness !== undefined)
        this.#track(witness.config.id, () => this.#revise(witness, owner, (latest) => lostOf(latest, files)));
    }
  }

  #track(camera: string, work: () => Promise<void>): void {
    const run = work()
      .catch((error: Error) => this.#log.error(thrown(error), 'detection not written to disk'))
      .finally(() => this.#pending.delete(run));
    this.#pending.set(run, camera);
  }
}
