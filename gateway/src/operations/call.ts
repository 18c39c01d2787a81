/**
 * Calls of the maintainers' system, real ones and tests alike: signed as those to units are, and of each kind the last is kept with
 * what came of it.
 */
import { timestamp } from '@roadwatch/contract';
import type { OperationsCall, OperationsEvent, OperationsOutcome } from '@roadwatch/contract/api';
import type { Webhook } from '../config/units.ts';
import { callWebhook } from '../dispatch/webhook/webhook.ts';
import { shortened } from '../outbound/http-call.ts';
import type { Store } from '../store/database.ts';
import type { OperationsCallRow } from '../store/tables/field.ts';

const MAX_ANSWER = 500;

export interface Event {
  /** The same with every attempt. */
  readonly id: string;
  readonly type: OperationsEvent;
  /** When it happened. */
  readonly at: number;
  readonly data: object;
}

/** One attempt. Null when it was broken off, so that nobody knows what came of it. */
export async function callMaintainers(
  store: Store,
  webhook: Webhook,
  { id, type, at, data }: Event,
  signal: AbortSignal,
): Promise<OperationsCall | null> {
  const body = { type, timestamp: timestamp(at), data };
  const answer = await callWebhook(webhook, { id, body, nowMs: store.now() }, signal);
  if (!answer.ok && signal.aborted) return null;
  const outcome: OperationsOutcome = answer.ok ? 'delivered' : answer.again ? 'failed' : 'refused';
  const said = answer.ok ? `${answer.status} ${shortened(answer.text)}`.trim() : answer.error;
  const call = { address: webhook.url.toString(), outcome, answer: said.slice(0, MAX_ANSWER).toWellFormed() };
  return store.transaction(async (tx) => {
    const row = { at: tx.at, ...call };
    await tx.db
      .insertInto('operations_calls')
      .values({ event: type, ...row })
      .onConflict((conflict) => conflict.column('event').doUpdateSet(row))
      .execute();
    tx.changed({ kind: 'settings', subject: 'operations', data: { outcome } });
    return callOf({ event: type, ...row });
  });
}

/** Null when it has never been called. */
export async function lastCall(store: Pick<Store, 'db'>): Promise<OperationsCall | null> {
  const row = await store.db
    .selectFrom('operations_calls')
    .selectAll()
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : callOf(row);
}

function callOf({ at, ...call }: OperationsCallRow): OperationsCall {
  return { at: timestamp(at), ...call };
}
