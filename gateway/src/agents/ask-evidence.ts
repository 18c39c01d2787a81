/** A file of a detection that its box has not sent: kept there until somebody asks for it, or waiting for its turn on a poor line. */
import type { Kysely } from 'kysely';
import type { CameraOf } from '../cameras/source.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import type { AgentCommands } from './commands.ts';

const ANSWER_SECONDS = 15;

/** Which file of which detection; `available`: its bytes have come. */
interface Promised extends CameraOf {
  readonly detection: string;
  readonly name: string;
  readonly sha256: string;
  readonly available: boolean;
}

/** Throws Refusal when no detection has ever named it. */
export async function promisedFile(db: Kysely<Tables>, sha256: string): Promise<Promised> {
  const row = await db
    .selectFrom('detection_evidence')
    .innerJoin('detections', 'detections.id', 'detection_evidence.detection_id')
    .leftJoin('evidence', 'evidence.sha256', 'detection_evidence.sha256')
    .select(['detections.id', 'detections.site', 'detections.agent', 'detections.camera'])
    .select(['detection_evidence.name', 'evidence.bytes'])
    .where('detection_evidence.sha256', '=', sha256)
    .orderBy('detections.id')
    .executeTakeFirst();
  if (row === undefined) throw new Refusal('evidence_unknown', 'no detection has shown such evidence');
  const { id: detection, bytes, ...of } = row;
  return { ...of, detection, sha256, available: bytes !== null };
}

/** The box sends it on. Throws Refusal when it does not answer, or does not have it any more. */
export async function askForEvidence(
  store: Store,
  commands: Pick<AgentCommands, 'ask'>,
  { site, agent, camera, detection, name, sha256 }: Promised,
  actor: Actor,
): Promise<void> {
  await commands.ask(
    { site, agent },
    { kind: 'evidence.send', camera, detection, name, sha256 },
    ANSWER_SECONDS,
  );
  await store.transaction(async (tx) => {
    tx.audit({ ...authorOf(actor), action: 'evidence.asked', subject: `detection:${detection}` });
  });
}
