/** A ticket that has been dispatched, without a gateway around it. */

import { type Detection, sha256 } from '@roadwatch/contract';
import type { Role } from '@roadwatch/contract/api';
import { pino } from 'pino';
import type { AlertRule } from '../src/alerts/intake.ts';
import type { Config } from '../src/config/config.ts';
import { dispatchDue } from '../src/dispatch/desk.ts';
import type { Actor } from '../src/identity/actor.ts';
import type { User } from '../src/identity/users.ts';
import { storeDetections } from '../src/ingest/detections.ts';
import { saveUnits } from '../src/orders/units.ts';
import { claimAlert } from '../src/queue/claim.ts';
import type { Store } from '../src/store/database.ts';
import { receiversOf } from '../src/workflow/collect.ts';
import { confirmAlert } from '../src/workflow/confirm.ts';
import { sampleDetection } from './agent.ts';
import { testConfig } from './config.ts';

export const ACTOR: Actor = { name: 'user:ann', channel: 'console' };
export const QUIET = pino({ level: 'silent' });

export function person(role: Role, unitId: string | null = null): User {
  return { id: '0198c0de-0000-7000-8000-000000000001', username: 'ann', role, unitId };
}

export async function dispatchedTicket(
  store: Store,
  settings: Parameters<typeof testConfig>[0] = {},
  detection = sampleDetection(),
): Promise<{ readonly config: Config; readonly id: string }> {
  const config = testConfig(settings);
  await store.transaction((tx) => saveUnits(tx, config.units));
  const alert = await alertOf(store, config.alerts, detection);
  await claimAlert(store, config, alert, ACTOR);
  const { id } = await confirmAlert(store, config, alert, {}, ACTOR);
  await dispatchDue(store, config, QUIET);
  return { config, id };
}

/** The alert that a detection makes or renews. */
export async function alertOf(store: Store, rule: AlertRule, detection: Detection): Promise<string> {
  return store.transaction(async (tx) => {
    const message = { detection, text: JSON.stringify(detection), sha256: sha256(detection.id) };
    await storeDetections(tx, [message], receiversOf(rule));
    const row = tx.db.selectFrom('detections').select('alert_id').where('id', '=', detection.id);
    return (await row.executeTakeFirstOrThrow()).alert_id as string;
  });
}
