/** Orders to a unit's own system as signed HTTP calls, of every kind alike. */
import { newId, timestamp } from '@roadwatch/contract';
import type { UnitConfig, Webhook } from '../../config/units.ts';
import type { Attempt, Channel } from '../channel.ts';
import { orderBody } from '../order.ts';
import { SENTENCE, type Trial, trialOf } from '../trial-order.ts';
import { callWebhook } from './webhook.ts';

async function post({ store, config, unit, order, signal }: Attempt) {
  const body = await orderBody(store, config, order);
  return callWebhook(unit.webhook as Webhook, { id: order.id, body, nowMs: store.now() }, signal);
}

async function trial(unit: UnitConfig, _config: unknown, nowMs: number, signal: AbortSignal): Promise<Trial> {
  const webhook = unit.webhook as Webhook;
  const data = { unit: unit.id, text: SENTENCE };
  const body = { type: 'unit.test', timestamp: timestamp(nowMs), test: true, data };
  const answer = await callWebhook(webhook, { id: newId(), body, nowMs }, signal);
  return trialOf(`POST ${new URL(webhook.url.reveal()).origin}`, answer);
}

export const webhook: Channel = { send: post, rework: post, recall: post, remind: post, trial };
