/** What the store's rows say beside what the boxes' messages say. */
import { type Detection, toWgs84 } from '@roadwatch/contract';
import type { DetectionEvidenceRow, DetectionRow } from '../store/tables/alerts.ts';

/** What of the row is not as the newest message has it. */
export function compareRow(row: DetectionRow, detection: Detection, revision: number): string[] {
  const { id, site, agent, camera, event, damageClass, score, box, firstSeenAt, lastSeenAt } = detection;
  const place = detection.position === undefined ? undefined : toWgs84(detection.position);
  const [box_x, box_y, box_w, box_h] = box;
  const signed = {
    ...{ id, site, agent, camera, revision: Number(revision), event, damage_class: damageClass, score },
    ...{ box_x, box_y, box_w, box_h },
    first_seen_at: Date.parse(firstSeenAt),
    last_seen_at: Date.parse(lastSeenAt),
    latitude: place?.latitude ?? null,
    longitude: place?.longitude ?? null,
  };
  return Object.entries(signed).flatMap(([field, value]) => {
    const stored = row[field as keyof DetectionRow];
    // PostgreSQL gives whole numbers as texts.
    const same = typeof value === 'number' ? stored !== null && Number(stored) === value : stored === value;
    return same ? [] : [`row: ${field} is ${JSON.stringify(stored)}, and was ${JSON.stringify(value)}`];
  });
}

/** Each picture is one that a message names, under its name, and none that the newest names is left out. */
export function compareEvidence(
  rows: readonly DetectionEvidenceRow[],
  messages: readonly Detection[],
): string[] {
  const named = messages.flatMap(({ evidence }) => evidence);
  const strange = rows.filter(
    ({ name, sha256, kind, captured_at }) =>
      !named.some(
        (entry) =>
          entry.name === name &&
          entry.sha256 === sha256 &&
          entry.kind === kind &&
          Date.parse(entry.capturedAt) === Number(captured_at),
      ),
  );
  const newest = messages.at(-1)?.evidence ?? [];
  const lost = newest.filter(
    ({ name, sha256 }) => !rows.some((row) => row.name === name && row.sha256 === sha256),
  );
  return [
    ...strange.map(({ name }) => `${name}: is not named so by any message`),
    ...lost.map(({ name }) => `${name}: was named by the newest message, and is not kept`),
  ];
}
