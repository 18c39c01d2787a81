/** The pictures and clips of detections, and what the latest message says of each. */
import { type Detection, timestamp } from '@roadwatch/contract';
import type { Evidence } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { mayBeTrue } from '../../calendar/claimed-time.ts';
import type { Tables } from '../../store/tables/index.ts';

/** The drawn box shows where to look; without it the plain picture must do. */
export function picturesToShow(evidence: readonly Evidence[]): Evidence[] {
  const stills = evidence.filter((entry) => entry.available && entry.contentType === 'image/jpeg');
  const overlays = stills.filter((entry) => entry.kind === 'overlay');
  return overlays.length > 0 ? overlays : stills;
}

export async function evidenceOf(
  db: Kysely<Tables>,
  detections: readonly string[],
): Promise<Map<string, Evidence[]>> {
  const rows = await db
    .selectFrom('detection_evidence')
    .leftJoin('evidence', 'evidence.sha256', 'detection_evidence.sha256')
    .select([
      'detection_evidence.detection_id',
      'detection_evidence.name',
      'detection_evidence.kind',
      'detection_evidence.sha256',
      'detection_evidence.content_type',
      'detection_evidence.captured_at',
      'evidence.bytes',
    ])
    .where('detection_evidence.detection_id', 'in', detections)
    .orderBy('detection_evidence.name')
    .execute();
  const byDetection = new Map<string, Evidence[]>();
  for (const row of rows) {
    const list = byDetection.get(row.detection_id) ?? [];
    list.push({
      name: row.name,
      kind: row.kind,
      contentType: row.content_type,
      sha256: row.sha256,
      capturedAt: timestamp(row.captured_at),
      available: row.bytes !== null,
    });
    byDetection.set(row.detection_id, list);
  }
  return byDetection;
}

/** A detection as its latest message says, with when that and its first one came. */
type Shown = Pick<
  Detection,
  'box' | 'frame' | 'firstSeenAt' | 'since' | 'lastSeenAt' | 'evidence' | 'missing'
> & {
  readonly cameAt: number;
  readonly firstCameAt: number;
  readonly signed: boolean;
};

export function claimOf({ firstSeenAt, lastSeenAt, cameAt, firstCameAt }: Shown) {
  const believable =
    mayBeTrue(Date.parse(firstSeenAt), firstCameAt) && mayBeTrue(Date.parse(lastSeenAt), cameAt);
  return believable ? null : { firstSeenAt, lastSeenAt };
}

/** Of what the box sends only when it is asked for that is said, and of a clip that begins late when it does. */
export function withWhatIsSaid(evidence: readonly Evidence[], shown: Shown | undefined): Evidence[] {
  return evidence.map((entry) => {
    const said = shown?.evidence.find(({ sha256 }) => sha256 === entry.sha256);
    const { beginsAt, onRequest = false } = said ?? {};
    return {
      ...entry,
      ...(beginsAt === undefined ? {} : { beginsAt }),
      ...(onRequest ? { onRequest } : {}),
    };
  });
}

/** The size of the frame and the box in it, as the latest message of the detection whose pictures are shown says. */
export async function framesOf(
  db: Kysely<Tables>,
  detections: readonly string[],
): Promise<Map<string, Shown>> {
  const rows = await db
    .selectFrom('detections')
    .innerJoin('detection_messages', (join) =>
      join
        .onRef('detection_messages.detection_id', '=', 'detections.id')
        .onRef('detection_messages.revision', '=', 'detections.revision'),
    )
    .select(['detections.id', 'detections.stored_at'])
    .select([
      'detection_messages.payload',
      'detection_messages.key_id',
      'detection_messages.stored_at as came_at',
    ])
    .where('detections.id', 'in', detections)
    .execute();
  return new Map(
    rows.map(({ id, payload, key_id, came_at, stored_at }) => {
      const detection = JSON.parse(payload) as Detection;
      return [id, { ...detection, signed: key_id !== null, cameAt: came_at, firstCameAt: stored_at }];
    }),
  );
}
