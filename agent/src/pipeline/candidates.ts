/**
 * What may be damage and is not verified yet: followed from frame to frame, until it is verified or gone. While it looks promising
 * its camera is asked for a closer look, and its still is cut ahead of time.
 */
import { steadyMs, wallMs } from '@roadwatch/common';
import { timestamp } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { ResolvedConfig } from '../config/config.ts';
import type { Box } from '../detect/box.ts';
import { Occlusion } from '../gate/occlusion.ts';
import { boxOf, type Track, Tracker } from '../track/tracker.ts';
import { judge, progress } from '../verify/verifier.ts';
import type { Look } from './look.ts';
import type { Prepared, PreparedEvidence } from './prepared-evidence.ts';

interface CandidatesOptions {
  readonly camera: string;
  readonly rules: ResolvedConfig['verify'];
  readonly evidence: PreparedEvidence;
  /** Something has been seen for the first time that may become a detection. */
  onBegun(): void;
  /** Something is worth a closer look now. */
  onPromising(): void;
}

/** A candidate that has become a detection. */
export interface Verified {
  readonly track: Track;
  readonly prepared: Prepared;
}

/** Evidence is prepared when this much of the verification is done, so that it is there when it is wanted. */
const PREPARE_AT = 0.35;
const LOG_PAUSE_MS = 5_000;

export class Candidates {
  #options: CandidatesOptions;
  readonly #log: Logger;
  readonly #tracker = new Tracker();
  readonly #occlusion = new Occlusion();
  #loggedMs = 0;

  constructor(options: CandidatesOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
  }

  /** What is followed already is judged by them, too. */
  set rules(rules: CandidatesOptions['rules']) {
    this.#options = { ...this.#options, rules };
  }

  /** Whether more looks may decide about any of them. */
  get anyWaiting(): boolean {
    return this.#tracker.tracks.some((track) => judge(track, this.#options.rules).verdict === 'waiting');
  }

  get anyPromising(): boolean {
    return this.#tracker.tracks.some((track) => this.#isPromising(track));
  }

  /** The boxes of a frame that are no known damage; returns what they have verified, which is followed no more. */
  look(boxes: readonly Box[], look: Look): readonly Verified[] {
    this.#follow(boxes, look);
    return this.#decide();
  }

  /** None of them has a place in what the camera shows from now on. */
  clear(): void {
    this.#tracker.clear();
    this.#options.evidence.clear();
  }

  #follow(boxes: readonly Box[], look: Look): void {
    const { atMs, isMissed } = look;
    const { begun, ended } = this.#tracker.update({
      atMs,
      boxes,
      isHidden: (track) => {
        const box = boxOf(track);
        return isMissed(box) || this.#occlusion.isHidden(track.id, look, box);
      },
    });
    for (const track of this.#tracker.tracks) {
      if (track.lastSeenAtMs === atMs) this.#occlusion.seen(track.id, look, boxOf(track));
    }
    for (const track of ended) this.#forget(track);
    const candidate = begun.find(({ best }) => best.alert);
    for (const { best } of begun) if (best.alert) this.#options.onBegun();
    if (candidate !== undefined) this.#onBegun(candidate);
  }

  #onBegun({ best, firstSeenAtMs }: Track): void {
    const nowMs = steadyMs();
    this.#options.onPromising();
    if (nowMs - this.#loggedMs < LOG_PAUSE_MS) return;
    this.#loggedMs = nowMs;
    const { damageClass, score, box } = best;
    const capturedAt = timestamp(wallMs(firstSeenAtMs));
    this.#log.info({ camera: this.#options.camera, damageClass, score, box, capturedAt }, 'candidate');
  }

  #decide(): readonly Verified[] {
    const { rules, evidence, onPromising } = this.#options;
    const verified: Verified[] = [];
    for (const track of [...this.#tracker.tracks]) {
      const { verdict } = judge(track, rules);
      if (verdict === 'verified') {
        verified.push({ track, prepared: evidence.prepare(track) });
        this.#tracker.remove(track);
        this.#forget(track);
      } else if (verdict === 'waiting') {
        if (progress(track, rules) >= PREPARE_AT) evidence.prepare(track);
        if (this.#isPromising(track)) onPromising();
      }
    }
    return verified;
  }

  /** A repair stands still as well, but never alerts. */
  #isPromising(track: Track): boolean {
    return track.seen > 1 && judge(track, this.#options.rules).verdict === 'waiting';
  }

  #forget(track: Track): void {
    this.#options.evidence.forget(track);
    this.#occlusion.forget(track.id);
  }
}
