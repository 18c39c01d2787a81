/** A picture of what a camera sees now: the box cuts it, with its masks painted in, and sends it as it sends evidence. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CameraPicture } from '@roadwatch/contract/api';
import type { CameraOf } from '../cameras/source.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import type { AgentCommands } from './commands.ts';

const ANSWER_SECONDS = 15;
/** The bytes follow the answer; on a poor line they come behind what is urgent, and later than anybody waits. */
const ARRIVAL_MS = 10_000;
const LOOK_MS = 200;

/** Throws Refusal when the box does not answer, or the camera does not stream. `arrived`: whether its bytes have come yet. */
export async function takePicture(
  store: Store,
  commands: Pick<AgentCommands, 'ask'>,
  { site, agent, camera }: CameraOf,
  actor: Actor,
): Promise<CameraPicture & { readonly arrived: boolean }> {
  const { evidence = [] } = await commands.ask({ site, agent }, { kind: 'snapshot', camera }, ANSWER_SECONDS);
  const still = evidence.find(({ kind }) => kind === 'still');
  if (still === undefined) throw new Refusal('command_failed', 'the agent has answered without a picture');
  const { sha256, capturedAt } = still;
  const picture = { sha256, captured_at: Date.parse(capturedAt) };
  await store.transaction(async (tx) => {
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
  return { sha256, capturedAt, arrived: await hasArrived(store, sha256) };
}

async function hasArrived(store: Store, sha256: string): Promise<boolean> {
  for (let waited = 0; waited < ARRIVAL_MS; waited += LOOK_MS) {
    const row = await store.db
      .selectFrom('evidence')
      .select('sha256')
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    if (row !== undefined) return true;
    await delay(LOOK_MS);
  }
  return false;
}
