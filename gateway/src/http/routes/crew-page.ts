/**
 * The crew's page and what it sends. The link is the login: GET never changes anything, since previews of chats follow links. A
 * person looks at every answer, so each is a page, whatever has gone wrong.
 */
import { readFileSync } from 'node:fs';
import multipart from '@fastify/multipart';
import { thrown } from '@roadwatch/common';
import { damageClass, Sha256 } from '@roadwatch/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { picturesToShow } from '../../alerts/read/evidence.ts';
import { findAlert } from '../../alerts/read/list.ts';
import { DecodeQueue } from '../../crew/decode-queue.ts';
import { readForm } from '../../crew/form.ts';
import { crewPage, overPage, troublePage } from '../../crew/page.ts';
import { MAX_PHOTO_BYTES } from '../../crew/photo.ts';
import { CREW_STEPS, type CrewStep, MAX_PHOTOS, reportStep } from '../../crew/report.ts';
import { smallPicture } from '../../crew/small-picture.ts';
import { statusOf, troubleOf } from '../../crew/trouble.ts';
import { UploadFolder } from '../../crew/upload-folder.ts';
import { languageOf } from '../../language.ts';
import { Refusal } from '../../refusal.ts';
import { type CrewLink, findCrewLink, isValidLink } from '../../tickets/crew-links.ts';
import { findTicket } from '../../tickets/view.ts';
import { endUnless } from '../access-watch.ts';
import { Readings } from '../readings.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';
import { crewOf, crewPhotoRoutes, languageOfRequest, Token } from './crew-photos.ts';

const LinkParams = Type.Object({ token: Token });
const StepParams = Type.Object({
  token: Token,
  step: Type.Union(CREW_STEPS.map((step) => Type.Literal(step))),
});
const PictureParams = Type.Object({ token: Token, sha256: Sha256 });
const PageQuery = Type.Object({ lang: Type.Optional(Type.String({ maxLength: 5 })) });
/** An agent's whole set of pictures, and what the crew has sent. */
const MAX_PICTURES = 12;
/** Longer than a telephone takes from one mast to the next. */
const UPLOAD_IDLE_MS = 60_000;

export function crewPageRoutes(server: Server, parts: GatewayParts, uploadIdleMs = UPLOAD_IDLE_MS): void {
  const { config, store, evidence, log } = parts;
  const uploads = new UploadFolder(config.dataDir);
  const decoding = new DecodeQueue();
  const readings = new Readings(store, log);
  server.addHook('onClose', () => readings.stop());
  const limited = { access: 'public', rateLimit: { max: 120, timeWindow: 60_000 } } as const;

  for (const path of ['page.css', 'page.js', 'outbox.js', 'send.js', 'shrink.js']) {
    const type = path.endsWith('.css') ? 'text/css' : 'text/javascript';
    const text = asset(path);
    const open = { schema: { hide: true }, config: { access: 'public' } } as const;
    server.get(`/crew/${path}`, open, async (_request, reply) =>
      reply
        .type(`${type}; charset=utf-8`)
        .header('cache-control', 'public, max-age=3600')
        .serializer(String)
        .send(text),
    );
  }

  const page = (reply: FastifyReply, status: number, html: string) =>
    reply
      .code(status)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .serializer(String)
      .send(html);
  const show = async (request: FastifyRequest, reply: FastifyReply, error?: Error) => {
    const { token } = request.params as { token: string };
    const language = languageOfRequest(request);
    const link = await findCrewLink(store, token);
    if (link === null) return page(reply, 404, overPage(language));
    const { ticket, pictures } = await sight(parts, link);
    const { en, zh } = damageClass(ticket.damageClass);
    const content = {
      ticket,
      title: { en, zh },
      pictures,
      language,
      timeZone: config.timeZone,
      order: link.assignmentId,
      userAgent: request.headers['user-agent'] ?? '',
    };
    if (error === undefined) return page(reply, 200, crewPage(content));
    return page(reply, statusOf(error), crewPage({ ...content, error: troubleOf(error, language) }));
  };

  server.register(
    async (scope) => {
      await scope.register(multipart, {
        limits: { fileSize: MAX_PHOTO_BYTES, files: MAX_PHOTOS + 1, fields: 8, fieldSize: 4096, parts: 16 },
      });
      scope.setErrorHandler((error: Error, request, reply) => {
        const status = statusOf(error);
        if (status >= 500 && !(error instanceof Refusal))
          log.error({ url: request.routeOptions.url, ...thrown(error) }, 'request of a crew failed');
        const language = languageOfRequest(request);
        const isNoLink = status === 404 || (error instanceof Refusal && error.status === 422);
        return isNoLink
          ? page(reply, 404, overPage(language))
          : page(reply, status, troublePage(language, troubleOf(error, language)));
      });
      // Below here nothing else may answer, such as the start page of the console.
      scope.all('/*', { schema: { hide: true }, config: limited }, (request, reply) =>
        page(reply, 404, overPage(languageOfRequest(request))),
      );

      scope.get(
        '/:token/',
        { schema: { hide: true, params: LinkParams, querystring: PageQuery }, config: limited },
        (request, reply) => show(request, reply),
      );
      scope.get(
        '/:token',
        { schema: { hide: true, params: LinkParams }, config: limited },
        async (request, reply) => reply.redirect(`./${(request.params as { token: string }).token}/`, 308),
      );
      const picture = async (request: FastifyRequest) => {
        const { token, sha256 } = request.params as { token: string; sha256: string };
        const link = await findCrewLink(store, token);
        const shown = link !== null && (await sight(parts, link)).pictures.includes(sha256);
        const file = shown ? await evidence.get(sha256) : null;
        if (link === null || file === null) throw new Refusal('evidence_unknown', 'there is no such picture');
        readings.add(crewOf(link, request), sha256);
        return file;
      };
      const ofPicture = { schema: { hide: true, params: PictureParams }, config: limited };
      scope.get('/:token/:sha256.jpg', ofPicture, async (request, reply) => {
        const file = await picture(request);
        return reply
          .type('image/jpeg')
          .headers({ 'cache-control': 'private, max-age=86400', 'content-length': file.bytes })
          .send(file.open());
      });
      scope.get('/:token/small/:sha256.jpg', ofPicture, async (request, reply) =>
        reply
          .type('image/jpeg')
          .header('cache-control', 'private, max-age=86400')
          .send(await smallPicture(await picture(request), decoding)),
      );
      // Under the path of the link, so that it reaches no other order's page.
      scope.get(
        '/:token/worker.js',
        { schema: { hide: true, params: LinkParams }, config: limited },
        async (_request, reply) =>
          reply
            .type('text/javascript; charset=utf-8')
            .header('cache-control', 'no-cache')
            .serializer(String)
            .send(asset('worker.js')),
      );
      crewPhotoRoutes(scope, parts, { uploads, decoding });
      scope.post(
        '/:token/:step',
        {
          schema: { hide: true, params: StepParams, querystring: PageQuery },
          config: { ...limited, readsBody: true },
        },
        async (request, reply) => {
          const { step } = request.params as { token: string; step: CrewStep };
          const { token } = request.params as { token: string };
          const { lang } = request.query as { lang?: string };
          const link = await findCrewLink(store, token);
          if (link === null) return show(request, reply);
          try {
            const reported = uploads.use(link.assignmentId, async (folder) => {
              const report = await readForm(request, step, folder, uploadIdleMs);
              await reportStep({ store, evidence, decoding }, config, link, report, crewOf(link, request));
            });
            await whileLinked(parts, link, reported);
          } catch (error) {
            if (statusOf(error as Error) >= 500 && !(error instanceof Refusal)) throw error;
            // What has not been read of the form stands before any further request on this connection.
            if (!request.raw.readableEnded) reply.header('connection', 'close');
            return show(request, reply, error as Error);
          }
          // 303: reloading the page does not report again.
          return reply.redirect(lang === undefined ? './' : `./?lang=${languageOf(lang, undefined)}`, 303);
        },
      );
    },
    { prefix: '/crew' },
  );
}

/** Rejects when the link ends before; what is still being read then ends with the connection. */
async function whileLinked(parts: GatewayParts, link: CrewLink, work: Promise<void>): Promise<void> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const stopLooking = endUnless(
    parts,
    () => isValidLink(parts.store.db, link),
    () => reject(new Refusal('crew_link_over', 'the link has ended')),
  );
  try {
    await Promise.race([work, over]);
  } finally {
    stopLooking();
    work.catch(() => {});
  }
}

function asset(name: string): string {
  return readFileSync(new URL(`../../crew/assets/${name}`, import.meta.url), 'utf8');
}

/** What the holder of the link may see. */
async function sight({ store }: GatewayParts, link: CrewLink) {
  const viewer = { id: link.unitId, username: link.unitId, role: 'unit', unitId: link.unitId } as const;
  const ticket = await findTicket(store.db, link.ticketId, viewer);
  if (ticket === null) throw new Refusal('ticket_unknown', 'there is no such ticket');
  const alert = await findAlert(store.db, ticket.alertId);
  // What the camera saw of a repair that did not hold comes first.
  const failed = ticket.inspections.findLast(({ result }) => result === 'fail')?.evidence ?? [];
  const proof = failed.filter(({ contentType }) => contentType === 'image/jpeg');
  const pictures = [...proof, ...picturesToShow(alert?.evidence ?? []), ...ticket.photos].map(
    (entry) => entry.sha256,
  );
  return { ticket, pictures: [...new Set(pictures)].slice(0, MAX_PICTURES) };
}
