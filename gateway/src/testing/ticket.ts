/** A ticket that has been dispatched, without a gateway around it. */
import { pino } from 'pino';
import { claimAlert, confirmAlert } from '../alerts/judge.ts';
import { raiseAlert } from '../alerts/raise.ts';
import type { Config } from '../config/config.ts';
import { dispatchDue } from '../dispatch/dispatcher.ts';
import type { User } from '../identity/users.ts';
import type { Actor } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import type { Role } from '../store/tables.ts';
import { saveUnits } from '../units.ts';
import { sampleDetection } from './agent.ts';
import { testConfig } from './gateway.ts';

export const ACTOR: Actor = { name: 'user:ann', channel: 'console' };
export const QUIET = pino({ level: 'silent' });

export function person(role: Role, unitId: string | null = null): User {
  return { id: '0198c0de-0000-7000-8000-000000000001', username: 'ann', role, unitId };
}

export async function dispatchedTicket(
  store: Store,
  settings: Parameters<typeof testConfig>[0] = {},
): Promise<{ readonly config: Config; readonly id: string }> {
  const config = testConfig(settings);
  await saveUnits(store, config.units);
  const alert = await store.transaction((tx) => raiseAlert(tx, sampleDetection(), config.alerts));
  await claimAlert(store, config, alert as string, ACTOR);
  const { id } = await confirmAlert(store, config, alert as string, {}, ACTOR);
  await dispatchDue(store, config, QUIET);
  return { config, id };
}
