/** Who shows a picture or a clip: what somebody shows is not forgotten. */
import type { Tx } from '../store/database.ts';

/** Whether an alert, a ticket, a look at a repair or a camera's page shows it. What is found without looking through all comes first. */
export async function isReferenced(tx: Tx, sha256: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('detection_evidence')
    .select('sha256')
    .where('sha256', '=', sha256)
    .unionAll(tx.db.selectFrom('ticket_photos').select('sha256').where('sha256', '=', sha256))
    .unionAll(tx.db.selectFrom('asked_pictures').select('sha256').where('sha256', '=', sha256))
    .unionAll(tx.db.selectFrom('good_pictures').select('sha256').where('sha256', '=', sha256))
    .unionAll(tx.db.selectFrom('scene_hints').select('id as sha256').where('sha256', '=', sha256))
    .unionAll(tx.db.selectFrom('incidents').select('id as sha256').where('good_sha256', '=', sha256))
    .unionAll(tx.db.selectFrom('incidents').select('id as sha256').where('fault_sha256', '=', sha256))
    .unionAll(tx.db.selectFrom('inspections').select('id as sha256').where('evidence', 'like', `%${sha256}%`))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
