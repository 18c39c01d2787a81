/**
 * Orders by e-mail to units that have no system but a mailbox. Every attempt has the same Message-ID, made from
 * the order's id, so that a mailbox that got it already can recognise it; the mails of one assignment form one thread.
 */
import type { Logger } from 'pino';
import { picturesToShow } from '../../alerts/read/evidence.ts';
import { findAlert } from '../../alerts/read/list.ts';
import type { Config } from '../../config/config.ts';
import type { MailTarget, Smtp } from '../../config/mail.ts';
import { addressOf } from '../../config/public-url.ts';
import type { EvidenceStore } from '../../evidence/store.ts';
import type { Failure } from '../../outbound/http-call.ts';
import { mailTransport } from '../../outbound/mail-transport.ts';
import type { Store } from '../../store/database.ts';
import type { OutboxRow } from '../../store/tables/tickets.ts';
import { addCrewLink } from '../../tickets/crew-links.ts';
import { orderAddress, orderBody } from '../order.ts';
import { mailPicture } from './picture.ts';
import { htmlOf, subjectOf, textOf } from './text.ts';

/** One attempt to send one order. Never throws for what the other side does. */
export type Mailer = (
  target: MailTarget,
  order: OutboxRow,
  signal: AbortSignal,
) => Promise<{ readonly ok: true } | Failure>;

export function createMailer(
  smtp: Smtp,
  {
    store,
    evidence,
    config,
    log,
  }: {
    readonly store: Store;
    readonly evidence: Pick<EvidenceStore, 'get'>;
    readonly config: Pick<Config, 'clocks' | 'http' | 'timeZone'>;
    readonly log: Logger;
  },
): Mailer {
  const send = mailTransport(smtp);
  return async (target, order, signal) => {
    const body = await orderBody(store, config, order);
    const wanted = order.kind !== 'recall';
    const crewUrl =
      wanted && config.http.publicUrl !== undefined
        ? (addressOf(config.http, `/crew/${await addCrewLink(store, order)}/`) ?? null)
        : null;
    const picture = wanted ? await pictureOf(store, evidence, order, log) : null;
    const from = target.from ?? smtp.from;
    const domain = from.replace(/>$/, '').split('@').at(-1) as string;
    const pictureId = picture === null ? null : `picture.${order.id}@${domain}`;
    const facts = {
      order: body,
      timeZone: config.timeZone,
      address: await orderAddress(store, order),
      crewUrl,
      pictureId,
    };
    const sent = await send(
      {
        from,
        to: [...target.to],
        subject: subjectOf(facts),
        text: textOf(facts),
        html: htmlOf(facts),
        messageId: `<${order.id}@${domain}>`,
        references: `<${order.assignment_id}@${domain}>`,
        ...(picture === null || pictureId === null
          ? {}
          : {
              attachments: [
                {
                  filename: `${body.data.ticket.number}.jpg`,
                  content: picture,
                  contentType: 'image/jpeg',
                  cid: pictureId,
                },
              ],
            }),
      },
      signal,
    );
    if (sent.ok && sent.rejected.length > 0)
      log.warn(
        { ticket: order.ticket_id, destination: order.destination, rejected: sent.rejected },
        'mail refused for some',
      );
    return sent;
  };
}

/** A mail without its picture is better than none. */
async function pictureOf(
  store: Store,
  evidence: Pick<EvidenceStore, 'get'>,
  order: OutboxRow,
  log: Logger,
): Promise<Buffer | null> {
  const { alert_id } = await store.db
    .selectFrom('tickets')
    .select('alert_id')
    .where('id', '=', order.ticket_id)
    .executeTakeFirstOrThrow();
  const alert = await findAlert(store.db, alert_id);
  const [shown] = picturesToShow(alert?.evidence ?? []);
  if (shown === undefined) return null;
  try {
    return await mailPicture(await evidence.get(shown.sha256));
  } catch (error) {
    log.warn({ ticket: order.ticket_id, reason: (error as Error).message }, 'mail without its picture');
    return null;
  }
}
