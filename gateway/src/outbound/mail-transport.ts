/** The server that takes our mail (SMTP, RFC 5321): one attempt at a time, bounded, and never throwing for what it answers. */
import type { SendMailOptions } from 'nodemailer';
import type { Smtp } from '../config/mail.ts';
import { type Failure, shortened } from './http-call.ts';
import { smtpTransport } from './smtp.ts';
import { isFinalReply, type SmtpError } from './smtp-reply.ts';

/** For one mail as a whole: orders to other units wait meanwhile. */
const WHOLE_MS = 20_000;

interface Taken {
  readonly ok: true;
  /** Recipients that were refused while others were not. */
  readonly rejected: readonly string[];
  /** The server's last word. */
  readonly reply: string;
}

export type SendMail = (mail: SendMailOptions, signal: AbortSignal) => Promise<Taken | Failure>;

export function mailTransport(smtp: Smtp): SendMail {
  const transport = smtpTransport(smtp);
  return async (mail, signal) => {
    try {
      const { rejected, response } = await transport.sendMail({
        headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834 5: no out-of-office answers
        ...mail,
        signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_MS)]),
      });
      return { ok: true, rejected: rejected.map(String), reply: shortened(response) };
    } catch (error) {
      return failureOf(error as SmtpError);
    }
  };
}

/** What went wrong before the order was so much as told. */
const OURS: Readonly<Record<string, string>> = { EAUTH: 'login: ', ENOAUTH: 'login: ', ETLS: 'STARTTLS: ' };

/** To a login or to STARTTLS a reply says that we, not the order, are set up wrongly. */
function failureOf(error: SmtpError): Failure {
  const ours = OURS[error.code ?? ''];
  const reply = shortened(error.response ?? error.message);
  return { ok: false, error: `${ours ?? ''}${reply}`, again: ours !== undefined || !isFinalReply(error) };
}
