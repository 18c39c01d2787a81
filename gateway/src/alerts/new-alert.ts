/** An alert as it begins: of a detection, or of what a person reported. */

import { type DamageClass, type Detection, newId, type Position } from '@roadwatch/contract';
import { reckoned } from '../calendar/claimed-time.ts';
import { NO_CAMERA } from '../cameras/source.ts';
import { urgencyOf, type VerdictRule } from '../queue/order.ts';
import type { AlertRow } from '../store/tables/alerts.ts';
import { openKey, reportKey } from './dedup/dedup-key.ts';
import { columnsOf } from './machine.ts';
import { saysDangerous } from './report-questions.ts';

const NO_BOX = { box_x: 0, box_y: 0, box_w: 0, box_h: 0 } as const;

/** What is the same in every alert that nobody has looked at yet. */
const FRESH = {
  ...columnsOf({ state: 'new' }),
  occurrences: 1,
  rejected_before: 0,
  rejected_as: null,
  version: 1,
} as const satisfies Partial<AlertRow>;

export interface CitizenReport {
  readonly damageClass: DamageClass;
  readonly position: Position | null;
  readonly description: string | null;
  readonly address: string | null;
  /** Texts: nothing is fetched from there. */
  readonly mediaUrls: readonly string[];
  /** Answers by question, as `report-questions.ts` has them. */
  readonly attributes: Readonly<Record<string, string>>;
}

export function reportedAlert(
  { damageClass, position, attributes }: CitizenReport,
  rule: VerdictRule,
  at: number,
): AlertRow {
  const id = newId();
  return {
    id,
    open_key: reportKey(id),
    ...NO_CAMERA,
    damage_class: damageClass,
    condition: 'present',
    ...NO_BOX,
    latitude: position?.latitude ?? null,
    longitude: position?.longitude ?? null,
    position_of: position === null ? null : 'damage',
    detection_id: '',
    score: 0,
    first_seen_at: at,
    last_seen_at: at,
    created_at: at,
    updated_at: at,
    recurrence_of: null,
    ...urgencyOf({ damageClass, dangerous: saysDangerous(attributes) }, rule, at),
    ...FRESH,
  };
}

export function newAlert(
  detection: Detection,
  recurrenceOf: string | null,
  rule: VerdictRule,
  at: number,
): AlertRow {
  const { site, agent, camera, damageClass: name, box, position } = detection;
  const [box_x, box_y, box_w, box_h] = box;
  return {
    id: newId(),
    open_key: openKey({ site, agent, camera, damage_class: name, box_x, box_y, box_w, box_h }),
    site,
    agent,
    camera,
    damage_class: name,
    condition: 'present',
    box_x,
    box_y,
    box_w,
    box_h,
    latitude: position?.latitude ?? null,
    longitude: position?.longitude ?? null,
    position_of: position === undefined ? null : (detection.positionOf ?? 'camera'),
    detection_id: detection.id,
    score: detection.score,
    first_seen_at: reckonedTimes(detection, at).firstSeenAt,
    last_seen_at: reckonedTimes(detection, at).lastSeenAt,
    created_at: at,
    updated_at: at,
    ...urgencyOf({ damageClass: name, existed: detection.since !== undefined }, rule, at),
    ...FRESH,
    recurrence_of: recurrenceOf,
  };
}

/** When the damage was seen, as far as the box's clock can be believed. */
export function reckonedTimes(detection: Detection, cameAt: number) {
  return {
    firstSeenAt: reckoned(Date.parse(detection.firstSeenAt), cameAt),
    lastSeenAt: reckoned(Date.parse(detection.lastSeenAt), cameAt),
  };
}
