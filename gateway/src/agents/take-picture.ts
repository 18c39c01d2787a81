/** A picture of what a camera sees now: the box cuts it, with its masks painted in, and sends it as it sends evidence. */
import { setTimeout as delay } from 'node:timers/promises';
import { timestamp } from '@roadwatch/contract';
import type { CameraPicture } from '@roadwatch/contract/api';
import type { CameraOf } from '../cameras/source.ts';
import { forgetEvidence } from '../evidence/records.ts';
import { isReferenced } from '../evidence/references.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store, Tx } from '../store/database.ts';
import type { AgentCommands } from './commands.ts';

const ANSWER_SECONDS = 15;
/**
 * The bytes follow the answer, mostly at once; on a poor line they come behind what is urgent, and later than anybody waits. So they are
 * looked for after these times, for ten seconds in all.
 */
const LOOKS_MS = [0, 100, 200, 300, 500, 900, 1_500, 2_000, 2_000, 2_500] as const;

/** Throws Refusal when the box does not answer, or the camera does not stream. `arrived`: whether its bytes have come yet. */
export async function takePicture(
  store: Store,
  commands: Pick<AgentCommands, 'ask'>,
  { site, agent, camera }: CameraOf,
  actor: Actor,
): Promise<CameraPicture & { readonly arrived: boolean }> {
  const picture = await takeStill(commands, { site, agent, camera });
  const { sha256 } = picture;
  await store.transaction(async (tx) => {
    await forgetFormer(tx, { site, agent, camera }, sha256);
    await tx.db
      .insertInto('asked_pictures')
      .values({ site, agent, camera, ...picture })
      .onConflict((conflict) => conflict.columns(['site', 'agent', 'camera']).doUpdateSet(picture))
      .execute();
    tx.audit({
      ...authorOf(actor),
      action: 'camera.picture_taken',
      subject: `camera:${site}/${agent}/${camera}`,
    });
  });
  return { sha256, capturedAt: timestamp(picture.captured_at), arrived: await hasArrived(store, sha256) };
}

/** Its bytes follow. Throws Refusal when the box does not answer, or the camera does not stream. */
export async function takeStill(
  commands: Pick<AgentCommands, 'ask'>,
  { site, agent, camera }: CameraOf,
): Promise<{ readonly sha256: string; readonly captured_at: number }> {
  const { evidence = [] } = await commands.ask({ site, agent }, { kind: 'snapshot', camera }, ANSWER_SECONDS);
  const still = evidence.find(({ kind }) => kind === 'still');
  if (still === undefined) throw new Refusal('command_failed', 'the agent has answered without a picture');
  return { sha256: still.sha256, captured_at: Date.parse(still.capturedAt) };
}

/** Only the last one is shown; what an alert or a ticket shows, too, is theirs. */
async function forgetFormer(tx: Tx, { site, agent, camera }: CameraOf, sha256: string): Promise<void> {
  const former = await tx
    .locked(tx.db.selectFrom('asked_pictures').select('sha256'))
    .where((where) => where.and({ site, agent, camera }))
    .executeTakeFirst();
  if (former === undefined || former.sha256 === sha256) return;
  await tx.db
    .deleteFrom('asked_pictures')
    .where((where) => where.and({ site, agent, camera }))
    .execute();
  if (!(await isReferenced(tx, former.sha256))) await forgetEvidence(tx, [former.sha256]);
}

async function hasArrived(store: Store, sha256: string): Promise<boolean> {
  for (const wait of LOOKS_MS) {
    await delay(wait);
    const row = await store.db
      .selectFrom('evidence')
      .select('sha256')
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    if (row !== undefined) return true;
  }
  return false;
}
