/**
 * What a crew's page sends by itself, where it has kept it until there was a line: photographs in parts, and then the step. These
 * answer a program, with problem documents in the words of the page.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { thrown } from '@roadwatch/common';
import { Sha256 } from '@roadwatch/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { DecodeQueue } from '../../crew/decode-queue.ts';
import { PhotoRefusal } from '../../crew/photo.ts';
import {
  MAX_PART_BYTES,
  MAX_PARTED_BYTES,
  photoOffset,
  takePart,
  wholePhoto,
} from '../../crew/photo-parts.ts';
import {
  CREW_STEPS,
  type CrewReport,
  type CrewStep,
  isRepeat,
  MAX_PHOTOS,
  reportStep,
} from '../../crew/report.ts';
import { statusOf, troubleOf } from '../../crew/trouble.ts';
import type { UploadFolder } from '../../crew/upload-folder.ts';
import type { Actor } from '../../identity/actor.ts';
import { languageOf } from '../../language.ts';
import { Refusal } from '../../refusal.ts';
import { type CrewLink, findCrewLink } from '../../tickets/crew-links.ts';
import { findTicket } from '../../tickets/view.ts';
import { codeOfStatus, problem } from '../problem.ts';
import type { GatewayParts } from '../route-context.ts';

export const Token = Type.String({ pattern: '^[A-Za-z0-9_-]{20,64}$' });
const PhotoParams = Type.Object({ token: Token, name: Sha256 });
const ReportParams = Type.Object({
  token: Token,
  step: Type.Union(CREW_STEPS.map((step) => Type.Literal(step))),
});
const Lang = Type.Object({ lang: Type.Optional(Type.String({ maxLength: 5 })) });
/** After tus.io, "Core Protocol": where the part begins, and how large the whole is. */
const PartHeaders = Type.Object({
  'upload-offset': Type.String({ pattern: '^\\d{1,8}$' }),
  'upload-length': Type.String({ pattern: '^[1-9]\\d{0,7}$' }),
});
const KeyHeader = Type.Object({
  'idempotency-key': Type.String({ pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
});
const Degrees = (most: number) => Type.Number({ minimum: -most, maximum: most });
const Report = Type.Object({
  photos: Type.Array(Sha256, { maxItems: MAX_PHOTOS, uniqueItems: true }),
  reason: Type.Optional(Type.String({ maxLength: 500 })),
  position: Type.Optional(
    Type.Object({
      latitude: Degrees(90),
      longitude: Degrees(180),
      accuracyM: Type.Union([Type.Number({ minimum: 0, maximum: 1e6 }), Type.Null()]),
    }),
  ),
});
const PART_TYPE = 'application/offset+octet-stream';
/** 24 photographs a minute of half a megabyte: more than a hand can take. */
const PARTS_A_MINUTE = 600;

interface Shared {
  readonly uploads: UploadFolder;
  readonly decoding: DecodeQueue;
}

/** `scope`: under `/crew`. */
export function crewPhotoRoutes(
  scope: FastifyInstance,
  parts: GatewayParts,
  { uploads, decoding }: Shared,
): void {
  const { config, store, evidence, log } = parts;
  scope.register(async (inner) => {
    inner.addContentTypeParser(PART_TYPE, { parseAs: 'buffer', bodyLimit: MAX_PART_BYTES }, (_, body, done) =>
      done(null, body),
    );
    inner.setErrorHandler((error: Error, request, reply) => {
      const status = statusOf(error);
      if (status >= 500 && !(error instanceof Refusal))
        log.error({ url: request.routeOptions.url, ...thrown(error) }, 'request of a crew failed');
      const code = error instanceof Refusal ? error.code : codeOfStatus(status);
      return problem(reply, code, troubleOf(error, languageOfRequest(request)));
    });
    const limit = { access: 'public', rateLimit: { max: PARTS_A_MINUTE, timeWindow: 60_000 } } as const;

    inner.head(
      '/:token/photos/:name',
      { schema: { hide: true, params: PhotoParams }, config: limit },
      async (request, reply) => {
        const { token, name } = request.params as { token: string; name: string };
        const offset = await photoOffset(store.db, await linkOf(parts, token), name);
        return reply.headers({ 'upload-offset': offset, 'cache-control': 'no-store' }).send();
      },
    );
    inner.patch(
      '/:token/photos/:name',
      { schema: { hide: true, params: PhotoParams, headers: PartHeaders }, config: limit },
      async (request, reply) => {
        const { token, name } = request.params as { token: string; name: string };
        const { headers, body } = request;
        if (!Buffer.isBuffer(body))
          throw new Refusal('type_not_taken', `content-type: expected ${PART_TYPE}`);
        const total = Number(headers['upload-length']);
        if (total > MAX_PARTED_BYTES)
          throw new PhotoRefusal('bytes', `is larger than ${MAX_PARTED_BYTES} bytes`);
        const offset = Number(headers['upload-offset']);
        const here = await takePart(store, await linkOf(parts, token), { name, offset, total, bytes: body });
        return reply.code(204).header('upload-offset', here).send();
      },
    );
    inner.post(
      '/:token/reports/:step',
      {
        schema: { hide: true, params: ReportParams, querystring: Lang, headers: KeyHeader, body: Report },
        config: limit,
      },
      async (request) => {
        const { token, step } = request.params as { token: string; step: CrewStep };
        const link = await linkOf(parts, token);
        const { photos: names, reason, position } = request.body as Static<typeof Report>;
        const key = String(request.headers['idempotency-key']);
        await uploads.use(link.assignmentId, async (folder) => {
          const report: CrewReport = {
            step,
            photos: names.map((name) => join(folder, name)),
            again: { key, parts: names },
            ...(reason?.trim() ? { reason: reason.trim() } : {}),
            ...(position === undefined ? {} : { position }),
          };
          // What is sent again after it was taken has no parts any more.
          if (await isRepeat(store, link, report)) return;
          await writePhotos(parts, link, names, folder);
          await reportStep({ store, evidence, decoding }, config, link, report, crewOf(link, request));
        });
        return { state: await stateOf(parts, link) };
      },
    );
  });
}

/** Photographs that have come in parts, as files by their names. */
async function writePhotos(
  { store }: GatewayParts,
  link: CrewLink,
  names: readonly string[],
  folder: string,
): Promise<void> {
  for (const name of names)
    await writeFile(join(folder, name), await wholePhoto(store, link, name), { mode: 0o600 });
}

async function linkOf({ store }: GatewayParts, token: string): Promise<CrewLink> {
  const link = await findCrewLink(store, token);
  if (link === null) throw new Refusal('crew_link_over', 'the link has ended');
  return link;
}

async function stateOf({ store }: GatewayParts, { unitId, ticketId }: CrewLink) {
  const viewer = { id: unitId, username: unitId, role: 'unit', unitId } as const;
  return (await findTicket(store.db, ticketId, viewer))?.state;
}

export function crewOf({ unitId }: CrewLink, { ip }: FastifyRequest): Actor {
  return { name: `unit:${unitId}`, channel: 'crew', source: ip };
}

export function languageOfRequest({ query, headers }: FastifyRequest) {
  const { lang } = query as { lang?: unknown };
  return languageOf(typeof lang === 'string' ? lang : undefined, headers['accept-language']);
}
