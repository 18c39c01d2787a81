/** Pictures and clips by their SHA-256: they never change, so browsers may keep them. */

import { Sha256 } from '@roadwatch/contract';
import { AskedEvidence } from '@roadwatch/contract/api';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { askForEvidence, promisedFile } from '../../agents/ask-evidence.ts';
import type { AgentCommands } from '../../agents/commands.ts';
import { thumbnailName } from '../../evidence/thumbnail.ts';
import type { User } from '../../identity/users.ts';
import { Refusal } from '../../refusal.ts';
import type { Store } from '../../store/database.ts';
import { isPictureOfUnit } from '../../tickets/pictures.ts';
import { CITY, EVERYBODY } from '../access.ts';
import { cutWithAccess } from '../access-watch.ts';
import { answerOf, Bytes, Nothing } from '../answers.ts';
import { actorOf, userOfRequest } from '../guard.ts';
import { rangeOf } from '../range.ts';
import { Readings } from '../readings.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';
import { cameraThatAnswers } from './cameras.ts';

const Params = Type.Object({ sha256: Sha256 });
/** Of the pictures and clips that agents send, and of the photographs of crews. */
const FILE = { 'image/jpeg': Bytes, 'video/mp4': Bytes };

/** Of one address: a person looks at each; each takes a box's line. */
const ASKED_A_MINUTE = 30;

export function evidenceRoutes(
  server: Server,
  parts: GatewayParts,
  commands: Pick<AgentCommands, 'ask'>,
): void {
  const { store, evidence, log } = parts;
  const readings = new Readings(store, log);
  server.addHook('onClose', () => readings.stop());
  server.get(
    '/api/evidence/:sha256',
    {
      schema: {
        tags: ['evidence'],
        operationId: 'getEvidence',
        summary: 'A picture or a clip',
        params: Params,
        response: { 200: answerOf(FILE), 206: answerOf(FILE), 304: Nothing, 416: Nothing },
      },
      config: { access: EVERYBODY, scope: 'alerts:read', refuses: [404] },
    },
    async (request, reply) => {
      const { params, headers } = request;
      const { sha256 } = params;
      const user = userOfRequest(request);
      await maySeePicture(store, user, sha256);
      const row = await store.db
        .selectFrom('evidence')
        .selectAll()
        .where('sha256', '=', sha256)
        .executeTakeFirst();
      if (row === undefined) throw new Refusal('evidence_unknown', 'there is no such evidence');
      readings.add(actorOf(request), sha256);
      const etag = `"${sha256}"`;
      // Whoever has it already is answered without a look into the evidence store.
      if (headers['if-none-match'] === etag) return reply.code(304).header('etag', etag).send();
      const file = await evidence.get(sha256);
      if (file === null) throw new Refusal('evidence_unknown', 'there is no such evidence');
      reply.headers({
        etag,
        'cache-control': 'private, max-age=31536000, immutable',
        'content-disposition': 'inline',
        'accept-ranges': 'bytes',
      });
      const ifRange = headers['if-range'];
      const whole = ifRange !== undefined && ifRange !== etag;
      const range = whole ? null : rangeOf(headers.range, file.bytes);
      if (range === 'unsatisfiable')
        return reply.code(416).header('content-range', `bytes */${file.bytes}`).send();
      cutWithAccess(parts, request, reply);
      reply.type(row.content_type);
      if (range === null) return reply.header('content-length', file.bytes).send(file.open());
      return reply
        .code(206)
        .headers({
          'content-length': range.end - range.start + 1,
          'content-range': `bytes ${range.start}-${range.end}/${file.bytes}`,
        })
        .send(file.open(range));
    },
  );
  server.post(
    '/api/evidence/:sha256/ask',
    {
      schema: {
        tags: ['evidence'],
        operationId: 'askForEvidence',
        summary: 'Have the box send a picture or a clip that it keeps, or that waits there, now',
        params: Params,
        response: { 200: AskedEvidence },
      },
      config: { access: CITY, refuses: [404], rateLimit: { max: ASKED_A_MINUTE, timeWindow: 60_000 } },
    },
    async (request) => {
      const file = await promisedFile(store.db, request.params.sha256);
      if (!file.available) {
        await cameraThatAnswers(store.db, file);
        await askForEvidence(store, commands, file, actorOf(request));
      }
      return { sha256: file.sha256, available: file.available };
    },
  );
  server.get(
    '/api/evidence/:sha256/thumbnail',
    {
      schema: {
        tags: ['evidence'],
        operationId: 'getThumbnail',
        summary: 'A picture, small enough for lists: a JPEG of 10 kB at most',
        params: Params,
        response: { 200: answerOf({ 'image/jpeg': Bytes }), 304: Nothing },
      },
      config: { access: EVERYBODY, scope: 'alerts:read', refuses: [404] },
    },
    async (request, reply) => {
      const { sha256 } = request.params;
      await maySeePicture(store, userOfRequest(request), sha256);
      const row = store.db
        .selectFrom('evidence')
        .select('sha256')
        .where('sha256', '=', sha256)
        .where('content_type', '=', 'image/jpeg');
      const etag = `"${thumbnailName(sha256)}"`;
      const small =
        (await row.executeTakeFirst()) === undefined ? null : await smallOf(request, etag, sha256);
      if (small === null)
        throw new Refusal('evidence_unknown', 'there is no such picture, or it cannot be read');
      reply.headers({ etag, 'cache-control': 'private, max-age=31536000, immutable' });
      if (small === 'known') return reply.code(304).send();
      reply.headers({ 'content-disposition': 'inline' }).type('image/jpeg');
      return small instanceof Uint8Array
        ? reply.send(small)
        : reply.header('content-length', small.bytes).send(small.open());
    },
  );

  /** Whoever has it already is answered without a look into the evidence store. */
  async function smallOf(request: FastifyRequest, etag: string, sha256: string) {
    return request.headers['if-none-match'] === etag ? 'known' : parts.thumbnails.get(sha256);
  }
}

/** Throws Refusal: to a unit only the pictures of its own tickets are there. */
async function maySeePicture(store: Store, user: User, sha256: string): Promise<void> {
  if (user.role === 'unit' && !(await isPictureOfUnit(store.db, user.unitId ?? '', sha256)))
    throw new Refusal('evidence_unknown', 'there is no such evidence');
}
