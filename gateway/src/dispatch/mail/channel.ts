/** Orders to a mailbox, of every kind alike. */
import { timestamp } from '@roadwatch/contract';
import type { Config } from '../../config/config.ts';
import type { MailTarget, Smtp } from '../../config/mail.ts';
import type { UnitConfig } from '../../config/units.ts';
import { mailTransport } from '../../outbound/mail-transport.ts';
import type { Attempt, Channel } from '../channel.ts';
import { SENTENCE, type Trial } from '../trial-order.ts';

async function post({ unit, order, signal, mailer }: Attempt) {
  if (mailer === null) throw new Error(`there is no server that takes the mail of ${unit.id}`);
  return mailer(unit.mail as MailTarget, order, signal);
}

async function trial(
  unit: UnitConfig,
  config: Pick<Config, 'smtp'>,
  nowMs: number,
  signal: AbortSignal,
): Promise<Trial> {
  const target = unit.mail as MailTarget;
  // The configuration lets no unit have mail without a server that takes it.
  const smtp = config.smtp as Smtp;
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

export const mail: Channel = { send: post, rework: post, recall: post, remind: post, trial };
