/**
 * A trial order: what goes to a unit's own system before the first ticket does, signed and sent as all are, marked as a test, and
 * kept nowhere.
 */
import { newId, timestamp } from '@roadwatch/contract';
import type { Config, Open311Target, UnitConfig, Webhook } from '../config/config.ts';
import type { MailTarget, Smtp } from '../config/mail.ts';
import { type Answered, callHttp, type Failure, shortened } from '../outbound/http-call.ts';
import { mailTransport } from '../outbound/mail-transport.ts';
import { accessOf } from './open311/client.ts';
import { callWebhook } from './webhook/webhook.ts';

const SENTENCE = {
  en: 'A trial order from Roadwatch: there is no ticket, and nothing to do.',
  zh: '道路巡检系统试发：并无工单，无需处理。',
} as const;

export interface Trial {
  readonly ok: boolean;
  /** What was tried and what the unit's system said, a line each. */
  readonly lines: readonly string[];
}

/** One attempt. Never throws for what the other side does. */
export async function tryUnit(
  unit: UnitConfig,
  { smtp }: Pick<Config, 'smtp'>,
  nowMs: number,
  signal: AbortSignal,
): Promise<Trial> {
  if (unit.webhook !== undefined) return tryWebhook(unit.id, unit.webhook, nowMs, signal);
  if (unit.open311 !== undefined) return tryOpen311(unit.open311, signal);
  if (unit.mail !== undefined && smtp !== undefined) return tryMail(unit.mail, smtp, nowMs, signal);
  return { ok: true, lines: [`${unit.id} works on the built-in desk: nothing is sent anywhere`] };
}

async function tryWebhook(
  unit: string,
  webhook: Webhook,
  nowMs: number,
  signal: AbortSignal,
): Promise<Trial> {
  const body = { type: 'unit.test', timestamp: timestamp(nowMs), test: true, data: { unit, text: SENTENCE } };
  const answer = await callWebhook(webhook, { id: newId(), body, nowMs }, signal);
  return trialOf(`POST ${new URL(webhook.url.reveal()).origin}`, answer);
}

/** The protocol has no order that is none, so no more is tried than to read. */
async function tryOpen311(target: Open311Target, signal: AbortSignal): Promise<Trial> {
  const url = new URL(`services.${target.format}`, target.url.reveal());
  if (target.jurisdictionId !== undefined) url.searchParams.set('jurisdiction_id', target.jurisdictionId);
  const trial = trialOf(`GET ${url.origin} services`, await callHttp(url, {}, signal, accessOf(target)));
  return {
    ...trial,
    lines: [...trial.lines, 'Open311 knows no trial: whether it takes the key shows with the first ticket'],
  };
}

async function tryMail(target: MailTarget, smtp: Smtp, nowMs: number, signal: AbortSignal): Promise<Trial> {
  const text = `${SENTENCE.zh}\n${SENTENCE.en}\n\n${timestamp(nowMs)}\n`;
  const subject = '[试发 Test] 道路巡检 Roadwatch';
  const sent = await mailTransport(smtp)(
    { from: target.from ?? smtp.from, to: [...target.to], subject, text },
    signal,
  );
  const tried = `mail to ${target.to.join(', ')} through ${smtp.host}:${smtp.port}`;
  if (!sent.ok) return { ok: false, lines: [tried, sent.error] };
  const refused = sent.rejected.map((address) => `refused for ${address}`);
  return { ok: refused.length === 0, lines: [tried, sent.reply, ...refused] };
}

function trialOf(tried: string, answer: Answered | Failure): Trial {
  if (!answer.ok) return { ok: false, lines: [tried, answer.error] };
  return { ok: true, lines: [tried, `${answer.status} ${shortened(answer.text)}`.trim()] };
}
