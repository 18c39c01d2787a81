/**
 * Server-sent events (WHATWG HTML, 9.2): what has changed, by kind and id; the browser then asks for what it shows. A browser
 * that was away names the last event that it saw and is told the rest, or to load everything anew. A unit hears of its own tickets.
 */

import { Type } from 'typebox';
import type { ChangeRow } from '../../store/change-feed.ts';
import { heardByUnit } from '../../tickets/audience.ts';
import { EVERYBODY } from '../access.ts';
import { endWithAccess } from '../access-watch.ts';
import { answerOf, PlainText } from '../answers.ts';
import { userOfRequest } from '../guard.ts';
import { inTurn } from '../in-turn.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const KEEP_ALIVE_MS = 15_000;
/** A browser that does not read is let go; it comes back and names the last event that it saw. */
const MAX_UNREAD_BYTES = 1024 * 1024;
const Query = Type.Object({ lastEventId: Type.Optional(Type.String({ maxLength: 20 })) });

export function eventRoutes(server: Server, parts: GatewayParts): void {
  const { changes, store } = parts;
  const open = new Set<() => void>();
  server.addHook('preClose', async () => {
    for (const end of open) end();
  });

  server.get(
    '/api/events',
    {
      // To HEAD it would be an answer without an end.
      exposeHeadRoute: false,
      schema: {
        tags: ['events'],
        operationId: 'hearEvents',
        summary: 'Changes as they are committed',
        querystring: Query,
        response: { 200: answerOf({ 'text/event-stream': PlainText }) },
      },
      config: { access: EVERYBODY, scope: 'alerts:read' },
    },
    async (request, reply) => {
      const last = Number(request.headers['last-event-id'] ?? request.query.lastEventId ?? Number.NaN);
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const send = (text: string): void => {
        // What was asked of the store before its end is answered after it.
        if (raw.writableEnded || raw.destroyed) return;
        if (text !== '') raw.write(text);
        if (raw.writableLength > MAX_UNREAD_BYTES) raw.destroy();
      };
      // What is committed while the past is read is held back, so that nothing is told out of order.
      const { role, unitId } = userOfRequest(request);
      const tell =
        role === 'unit'
          ? inTurn<ChangeRow>(
              async (change) => {
                if (raw.writableEnded || raw.destroyed) return;
                const heard = await heardByUnit(store.db, unitId ?? '', change);
                if (heard !== null) send(eventOf(heard));
              },
              () => raw.destroy(),
            )
          : (change: ChangeRow) => send(eventOf(change));
      let held: ChangeRow[] | null = [];
      const stopListening = changes.listen((change) => {
        if (held !== null) held.push(change);
        else tell(change);
      });
      const keepAlive = setInterval(() => send(':\n\n'), KEEP_ALIVE_MS);
      const end = (): void => {
        stopListening();
        clearInterval(keepAlive);
        stopLooking();
        open.delete(end);
        raw.end();
      };
      const stopLooking = endWithAccess(parts, request, end);
      open.add(end);
      raw.on('close', end);

      const from = changes.last;
      send(`retry: 2000\nid: ${Number.isSafeInteger(last) ? last : from}\nevent: ready\ndata: {}\n\n`);
      if (Number.isSafeInteger(last)) {
        const missed = last > from ? null : await changes.since(last);
        if (missed === null) send(`id: ${from}\nevent: reset\ndata: {}\n\n`);
        else for (const change of missed) if (change.seq <= from) tell(change);
      }
      for (const change of held) if (change.seq > from) tell(change);
      held = null;
    },
  );
}

/** Nothing of what is for the gateways only. */
function eventOf({ seq, kind, subject, data }: ChangeRow): string {
  if (kind === 'access') return '';
  const body = JSON.stringify({ id: subject, ...(JSON.parse(data) as object) });
  return `id: ${seq}\nevent: ${kind}\ndata: ${body}\n\n`;
}
