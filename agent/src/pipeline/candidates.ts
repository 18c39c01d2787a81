/**
 * What may be damage and is not verified yet: followed from frame to frame, until it is verified or gone. While it looks promising
 * its camera is asked for a closer look, its still is cut ahead of time, and it is asked whether it lies on a vehicle.
 */
import { steadyMs, wallMs } from '@roadwatch/common';
import { timestamp } from '@roadwatch/contract';
import type { Logger } from 'pino';
import type { ResolvedConfig } from '../config/config.ts';
import type { Box } from '../detect/box.ts';
import type { RoadUsers } from '../detect/road-users.ts';
import { Occlusion } from '../gate/occlusion.ts';
import { boxOf, type Track, Tracker } from '../track/tracker.ts';
import { judge, progress } from '../verify/verifier.ts';
import type { Look } from './look.ts';
import type { Prepared, PreparedEvidence } from './prepared-evidence.ts';
import { RoadUserChecks } from './road-user-checks.ts';

interface CandidatesOptions {
  readonly camera: string;
  readonly rules: ResolvedConfig['verify'];
  readonly evidence: PreparedEvidence;
  readonly roadUsers: Pick<RoadUsers, 'find'>;
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
/** So long what was seen once is looked for again with every look, if something stands before it. */
const FRESH_MS = 20_000;
const LOG_PAUSE_MS = 5_000;

export class Candidates {
  #options: CandidatesOptions;
  readonly #log: Logger;
  readonly #tracker = new Tracker();
  readonly #occlusion = new Occlusion();
  readonly #checks: RoadUserChecks;
  #loggedMs = 0;
  /** Of the last look. */
  #atMs = 0;
  #refused = 0;

  constructor(options: CandidatesOptions, log: Logger) {
    this.#options = options;
    this.#log = log;
    this.#checks = new RoadUserChecks(options.roadUsers);
  }

  /** Since start, as they lay on vehicles or people. */
  get refused(): number {
    return this.#refused;
  }

  /** What is followed already is judged by them, too. */
  set rules(rules: CandidatesOptions['rules']) {
    this.#options = { ...this.#options, rules };
  }

  /** Whether more looks may decide about any of them. */
  get anyWaiting(): boolean {
    return this.#tracker.tracks.some((track) => this.#isOpen(track));
  }

  /** When the first of those that look promising was seen; null where none does. */
  get followedFromMs(): number | null {
    const promising = this.#tracker.tracks.filter((track) => this.#isPromising(track));
    return promising.length === 0 ? null : Math.min(...promising.map(({ firstSeenAtMs }) => firstSeenAtMs));
  }

  get anyPromising(): boolean {
    return this.#tracker.tracks.some((track) => this.#isPromising(track));
  }

  /** The boxes of a frame that are no known damage; returns what they have verified, which is followed no more. */
  look(boxes: readonly Box[], look: Look): readonly Verified[] {
    const { roadUsers } = this.#options.rules;
    this.#follow(roadUsers ? this.#checks.withoutRefused(boxes, look.atMs) : boxes, look);
    return this.#decide(look);
  }

  /** None of them has a place in what the camera shows from now on. */
  clear(): void {
    this.#tracker.clear();
    this.#checks.clear();
    this.#options.evidence.clear();
  }

  #follow(boxes: readonly Box[], look: Look): void {
    const { atMs, isMissed } = look;
    this.#atMs = atMs;
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

  #decide(look: Look): readonly Verified[] {
    const { rules, evidence, onPromising } = this.#options;
    const verified: Verified[] = [];
    for (const track of [...this.#tracker.tracks]) {
      const { verdict } = judge(track, rules);
      if (verdict === 'rejected') continue;
      if (progress(track, rules) >= PREPARE_AT) {
        evidence.prepare(track);
        if (rules.roadUsers) this.#checks.ask(track, look);
      }
      const on = rules.roadUsers ? this.#checks.verdictOf(track) : 'none';
      if (verdict === 'verified' && on === 'none') {
        verified.push({ track, prepared: evidence.prepare(track) });
        this.#drop(track);
      } else if (verdict === 'verified' && typeof on === 'object') this.#refuse(track, on, look);
      else if (this.#isPromising(track)) onPromising();
    }
    return verified;
  }

  /** It is part of what moves, or stands there for a while. */
  #refuse(track: Track, { on }: { readonly on: string }, { atMs }: Look): void {
    const box = boxOf(track);
    this.#refused++;
    this.#checks.refuse(box, atMs);
    this.#drop(track);
    const { damageClass, score } = track.best;
    const { camera } = this.#options;
    this.#log.debug({ camera, damageClass, score, box, reason: 'road_user', on }, 'candidate refused');
  }

  #drop(track: Track): void {
    this.#tracker.remove(track);
    this.#forget(track);
  }

  /** Whether more looks may decide about it. */
  #isOpen(track: Track): boolean {
    return judge(track, this.#options.rules).verdict !== 'rejected';
  }

  /** Seen again, or just now and not looked for again yet. A repair stands still as well, but never alerts. */
  #isPromising(track: Track): boolean {
    const isFresh = track.looked === 1 && this.#atMs - track.firstSeenAtMs < FRESH_MS;
    return (track.seen > 1 || isFresh) && this.#isOpen(track);
  }

  #forget(track: Track): void {
    this.#options.evidence.forget(track);
    this.#occlusion.forget(track.id);
    this.#checks.forget(track);
  }
}
