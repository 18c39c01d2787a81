/** What is said of a known damage on the wire, and which of its evidence is there, owed or missing. Pure. */
import { wallMs } from '@roadwatch/common';
import {
  type Detection,
  type EvidenceRef,
  type MissingEvidence,
  type ModelRef,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';
import type { MissingReason } from '@roadwatch/contract/codes';
import type { CameraConfig } from '../config/schema.ts';
import { EVIDENCE_NAMES, type EvidenceFile } from '../evidence/evidence.ts';
import type { KnownDamage, Published } from '../verify/known-damage.ts';
import type { LostFile } from './durable-writer.ts';

/** What was made, and what will not be. */
export interface Cut {
  readonly files: readonly EvidenceFile[];
  readonly missing: readonly MissingEvidence[];
}

export const NOTHING: Cut = { files: [], missing: [] };

/** None of these kinds will be made, and why. */
export function noneOf(kinds: readonly EvidenceRef['kind'][], reason: MissingReason): Cut {
  return { files: [], missing: kinds.map((kind) => ({ name: EVIDENCE_NAMES[kind], kind, reason })) };
}

/** Of files that will never be sent, those that the damage still names; null when it names none of them. */
export function lostOf({ evidence }: KnownDamage, lost: readonly LostFile[]): Cut | null {
  const missing = evidence.flatMap(({ name, kind, sha256 }): MissingEvidence[] => {
    const file = lost.find((one) => one.name === name && one.sha256 === sha256);
    return file === undefined ? [] : [{ name, kind, reason: file.reason }];
  });
  return missing.length === 0 ? null : { files: [], missing };
}

/** The damage with what was made for it: of one name the last that was said holds, be it there or missing. */
export function withEvidence(
  damage: KnownDamage,
  { files, missing }: Cut,
  nowMs: number,
): KnownDamage & Published {
  const fresh = files.map(({ ref }) => ref);
  const isTold = ({ name }: { readonly name: string }): boolean =>
    [...fresh, ...missing].some((told) => told.name === name);
  const evidence = [...damage.evidence.filter((ref) => !isTold(ref)), ...fresh];
  const before = (damage.missing ?? []).filter((entry) => !isTold(entry));
  const gone = [...before, ...missing].filter(({ name }) => !evidence.some((ref) => ref.name === name));
  const settled = [...fresh, ...gone].map(({ kind }) => kind);
  return {
    ...damage,
    evidence,
    missing: gone,
    owed: (damage.owed ?? []).filter((kind) => !settled.includes(kind)),
    publishedAtMs: nowMs,
  };
}

export function detectionMessage(
  { site, agent, model }: { readonly site: string; readonly agent: string; readonly model: ModelRef },
  { position }: Pick<CameraConfig, 'position'>,
  damage: KnownDamage,
  event: Detection['event'],
): Detection {
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
    ...(damage.since === undefined ? {} : { since: damage.since }),
    verifiedAt: timestamp(wallMs(damage.verifiedAtMs)),
    lastSeenAt: timestamp(wallMs(damage.lastSeenAtMs)),
    capturedAt: timestamp(wallMs(damage.capturedAtMs)),
    publishedAt: timestamp(wallMs(damage.publishedAtMs)),
    observations: { seen: damage.seen, looked: damage.looked },
    ...(position === undefined ? {} : { position }),
    model,
    evidence: [...damage.evidence],
    ...(damage.missing?.length ? { missing: [...damage.missing] } : {}),
  };
}

/** Which detection, and which revision of it, a message carries: for the log. */
export function detectionIn(payload: Uint8Array): object {
  const detection = JSON.parse(Buffer.from(payload).toString('utf8')) as Detection;
  const { id, revision, camera, publishedAt } = detection;
  return { camera, detection: id, revision, publishedAt };
}
