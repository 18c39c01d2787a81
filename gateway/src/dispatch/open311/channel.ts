/**
 * Orders as requests in a unit's own Open311 system (GeoReport v2). The protocol knows no way to take a request back or to remind
 * of one: such orders fail with a sentence for a person.
 */

import type { Open311Target, UnitConfig } from '../../config/units.ts';
import { callHttp, refusal } from '../../outbound/http-call.ts';
import type { Channel } from '../channel.ts';
import { type Trial, trialOf } from '../trial-order.ts';
import { accessOf, recallRequest, sendRequest } from './client.ts';
import { remember } from './status.ts';

/** The protocol has no order that is none, so no more is tried than to read. */
async function trial(
  unit: UnitConfig,
  _config: unknown,
  _nowMs: number,
  signal: AbortSignal,
): Promise<Trial> {
  const target = unit.open311 as Open311Target;
  const url = new URL(`services.${target.format}`, target.url.reveal());
  if (target.jurisdictionId !== undefined) url.searchParams.set('jurisdiction_id', target.jurisdictionId);
  const { ok, lines } = trialOf(
    `GET ${url.origin} services`,
    await callHttp(url, {}, signal, accessOf(target)),
  );
  return {
    ok,
    lines: [...lines, 'Open311 knows no trial: whether it takes the key shows with the first ticket'],
  };
}

export const open311: Channel = {
  send: sendRequest,
  rework: sendRequest,
  recall: recallRequest,
  remind: async () => refusal('Open311 has no reminders: tell the unit'),
  async sent(tx, order, { request }) {
    if (request !== undefined) await remember(tx, order, request);
  },
  trial,
};
