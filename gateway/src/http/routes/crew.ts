/** The crew's page and what it sends. The link is the login: GET never changes anything, since previews of chats follow links. */
import { readFileSync } from 'node:fs';
import multipart, { type MultipartFile } from '@fastify/multipart';
import { damageClass, Sha256 } from '@roadwatch/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import QRCode from 'qrcode';
import { Type } from 'typebox';
import { findAlert, picturesToShow } from '../../alerts/view.ts';
import { type CrewLink, findCrewLink, makeCrewLink, revokeCrewLinks } from '../../crew/links.ts';
import { crewPage, overPage } from '../../crew/page.ts';
import { MAX_PHOTO_BYTES } from '../../crew/photo.ts';
import { CREW_STEPS, type CrewReport, type CrewStep, MAX_PHOTOS, reportStep } from '../../crew/report.ts';
import { CREW_TEXTS, type CrewTexts, languageOf } from '../../crew/texts.ts';
import { Refusal } from '../../refusal.ts';
import type { Role } from '../../store/tables.ts';
import { findTicket } from '../../tickets/view.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { actorOf, DESK, userOfRequest } from '../guard.ts';
import { IdParams } from '../schemas.ts';
import type { Server } from '../server.ts';

const MAKERS: readonly Role[] = ['unit', ...DESK];
const Token = Type.String({ pattern: '^[A-Za-z0-9_-]{20,64}$' });
const LinkParams = Type.Object({ token: Token });
const StepParams = Type.Object({
  token: Token,
  step: Type.Union(CREW_STEPS.map((step) => Type.Literal(step))),
});
const PictureParams = Type.Object({ token: Token, sha256: Sha256 });
const PageQuery = Type.Object({ lang: Type.Optional(Type.String({ maxLength: 5 })) });
/** An agent's whole set of pictures, and what the crew has sent. */
const MAX_PICTURES = 12;
/** ISO/IEC 18004, 6.3.8: less, and some telephones do not find the code. */
const QUIET_ZONE_MODULES = 4;

export function crewRoutes(server: Server, parts: GatewayParts): void {
  const { config, store, evidence } = parts;
  const hidden = { schema: { hide: true }, config: { rateLimit: { max: 120, timeWindow: 60_000 } } };

  server.post(
    '/api/tickets/:id/crew-link',
    {
      schema: { tags: ['tickets'], summary: 'A new link for the crew; earlier ones end', params: IdParams },
      config: { access: MAKERS },
    },
    async (request) => {
      const token = await makeCrewLink(store, request.params.id, userOfRequest(request), actorOf(request));
      const base = config.http.publicUrl ?? `${request.protocol}://${request.host}`;
      const url = new URL(`/crew/${token}/`, base).href;
      return { url, qr: await QRCode.toString(url, { type: 'svg', margin: QUIET_ZONE_MODULES }) };
    },
  );
  server.delete(
    '/api/tickets/:id/crew-link',
    {
      schema: { tags: ['tickets'], summary: 'End the links of the crew', params: IdParams },
      config: { access: MAKERS },
    },
    async (request, reply) => {
      await revokeCrewLinks(store, request.params.id, userOfRequest(request), actorOf(request));
      return reply.code(204).send();
    },
  );

  for (const [path, type] of [
    ['page.css', 'text/css'],
    ['page.js', 'text/javascript'],
  ] as const) {
    const text = readFileSync(new URL(`../../crew/assets/${path}`, import.meta.url), 'utf8');
    server.get(`/crew/${path}`, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type(`${type}; charset=utf-8`)
        .header('cache-control', 'public, max-age=3600')
        .serializer(String)
        .send(text),
    );
  }

  server.register(async (scope) => {
    await scope.register(multipart, {
      limits: { fileSize: MAX_PHOTO_BYTES, files: MAX_PHOTOS, fields: 8, fieldSize: 4096, parts: 16 },
    });

    const show = async (request: FastifyRequest, reply: FastifyReply, status: number, error?: string) => {
      const { token } = request.params as { token: string };
      const { lang } = request.query as { lang?: string };
      const language = languageOf(lang, request.headers['accept-language']);
      reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').serializer(String);
      const link = await findCrewLink(store, token);
      if (link === null) return reply.code(404).send(overPage(language));
      const { ticket, pictures } = await sight(parts, link);
      const { en, zh } = damageClass(ticket.damageClass);
      const page = { ticket, title: { en, zh }, pictures, language, timeZone: config.timeZone };
      return reply.code(status).send(crewPage(error === undefined ? page : { ...page, error }));
    };

    scope.get(
      '/crew/:token/',
      { ...hidden, schema: { hide: true, params: LinkParams, querystring: PageQuery } },
      (request, reply) => show(request, reply, 200),
    );
    scope.get(
      '/crew/:token',
      { ...hidden, schema: { hide: true, params: LinkParams } },
      async (request, reply) => reply.redirect(`/crew/${(request.params as { token: string }).token}/`, 308),
    );

    scope.get(
      '/crew/:token/:sha256.jpg',
      { ...hidden, schema: { hide: true, params: PictureParams } },
      async (request, reply) => {
        const { token, sha256 } = request.params as { token: string; sha256: string };
        const link = await findCrewLink(store, token);
        const shown = link !== null && (await sight(parts, link)).pictures.includes(sha256);
        const file = shown ? await evidence.get(sha256) : null;
        if (file === null) throw new Refusal('not_found', 'there is no such picture');
        return reply
          .type('image/jpeg')
          .headers({ 'cache-control': 'private, max-age=86400', 'content-length': file.bytes })
          .send(file.open());
      },
    );

    scope.post(
      '/crew/:token/:step',
      { ...hidden, schema: { hide: true, params: StepParams, querystring: PageQuery } },
      async (request, reply) => {
        const { token, step } = request.params as { token: string; step: CrewStep };
        const { lang } = request.query as { lang?: string };
        const link = await findCrewLink(store, token);
        if (link === null) return show(request, reply, 404);
        try {
          await reportStep(parts, config, link, await readReport(request, step));
        } catch (error) {
          const texts = CREW_TEXTS[languageOf(lang, request.headers['accept-language'])];
          if (error instanceof Refusal)
            return show(request, reply, error.kind === 'conflict' ? 409 : 422, sentence(error, texts));
          const status = (error as { statusCode?: number }).statusCode ?? 500;
          if (status < 500) return show(request, reply, status, texts.photoBad);
          throw error;
        }
        // 303: reloading the page does not report again.
        return reply.redirect(lang === undefined ? './' : `./?lang=${languageOf(lang, undefined)}`, 303);
      },
    );
  });
}

/** What the holder of the link may see. */
async function sight({ store }: GatewayParts, link: CrewLink) {
  const viewer = { id: link.unitId, username: link.unitId, role: 'unit', unitId: link.unitId } as const;
  const ticket = await findTicket(store.db, link.ticketId, viewer);
  if (ticket === null) throw new Refusal('not_found', 'there is no such ticket');
  const alert = await findAlert(store.db, ticket.alertId);
  const pictures = [...picturesToShow(alert?.evidence ?? []), ...ticket.photos].map((entry) => entry.sha256);
  return { ticket, pictures: [...new Set(pictures)].slice(0, MAX_PICTURES) };
}

async function readReport(request: FastifyRequest, step: CrewStep): Promise<CrewReport> {
  const photos: Buffer[] = [];
  const fields = new Map<string, string>();
  if (request.isMultipart())
    for await (const part of request.parts()) {
      if (part.type === 'field') fields.set(part.fieldname, String(part.value));
      else if (part.fieldname === 'photo') photos.push(await part.toBuffer());
      else await drain(part);
    }
  const number = (name: string, limit: number): number | null => {
    const value = Number(fields.get(name) || Number.NaN);
    return Math.abs(value) <= limit ? value : null;
  };
  const latitude = number('latitude', 90);
  const longitude = number('longitude', 180);
  // The cut may fall within a pair of surrogates, and PostgreSQL has no U+0000.
  const reason = fields.get('reason')?.replaceAll('\u0000', ' ').trim().slice(0, 500).toWellFormed();
  return {
    step,
    // A form without a chosen file sends an empty one.
    photos: photos.filter((photo) => photo.length > 0),
    ...(reason ? { reason } : {}),
    ...(latitude === null || longitude === null
      ? {}
      : { position: { latitude, longitude, accuracyM: number('accuracy', 1e6) } }),
  };
}

async function drain(part: MultipartFile): Promise<void> {
  for await (const _ of part.file);
}

function sentence(refusal: Refusal, texts: CrewTexts): string {
  if (refusal.kind === 'conflict') return texts.changed;
  if (refusal.message.startsWith('photo: this step')) return texts.photoNeeded;
  return refusal.message.startsWith('photo:') ? texts.photoBad : texts.refused;
}
