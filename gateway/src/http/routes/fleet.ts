/** Releases and rollouts, and the files that boxes fetch. */
import multipart from '@fastify/multipart';
import { Sha256 } from '@roadwatch/contract';
import { NewRollout, ReleaseDetail, ReleaseList, RolloutDetail, RolloutList } from '@roadwatch/contract/api';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { checkUpload } from '../../fleet/check-upload.ts';
import {
  isReleaseFile,
  keepRelease,
  listReleases,
  releaseDetail,
  withdrawRelease,
} from '../../fleet/releases.ts';
import {
  beginRollout,
  listRollouts,
  orderRollout,
  ROLLOUT_ORDERS,
  rolloutDetail,
} from '../../fleet/rollouts.ts';
import { watchUpload } from '../../foreign/upload-watch.ts';
import { Refusal } from '../../refusal.ts';
import { CITY } from '../access.ts';
import { answerOf, Bytes, Nothing } from '../answers.ts';
import { FILES_OF_ALL, fileLimits } from '../file-limits.ts';
import { actorOf } from '../guard.ts';
import { rangeOf } from '../range.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams } from '../schemas.ts';
import type { Server } from '../server.ts';

const FILE_TYPE = 'application/octet-stream';
const FileParams = Type.Object({ sha256: Sha256 });
const OrderParams = Type.Object({
  ...IdParams.properties,
  order: Type.Unsafe<(typeof ROLLOUT_ORDERS)[number]>({ type: 'string', enum: ROLLOUT_ORDERS }),
});
const MAX_FILES = 34;
const UPLOAD_IDLE_MS = 60_000;
export function fleetRoutes(server: Server, parts: GatewayParts): void {
  const { store } = parts;
  const admin = { access: ['admin'] as const };
  const city = { access: CITY };
  const tags = ['fleet'];
  fileRoute(server, parts);
  uploadRoute(server, parts);

  server.get(
    '/api/releases',
    {
      schema: {
        tags,
        operationId: 'listReleases',
        summary: 'Models and agent packages',
        response: { 200: ReleaseList },
      },
      config: city,
    },
    async () => ({ items: await listReleases(store.db) }),
  );
  server.get(
    '/api/releases/:id',
    {
      schema: {
        tags,
        operationId: 'getRelease',
        summary: 'A release with what its makers say of it',
        params: IdParams,
        response: { 200: ReleaseDetail },
      },
      config: { ...city, refuses: [404] },
    },
    async ({ params }) => releaseDetail(store.db, params.id),
  );
  server.post(
    '/api/releases/:id/withdraw',
    {
      schema: {
        tags,
        operationId: 'withdrawRelease',
        summary: 'Hand it out to no further box',
        params: IdParams,
        response: { 204: Nothing },
      },
      config: { ...admin, refuses: [404, 409] },
    },
    async (request, reply) => {
      await withdrawRelease(store, request.params.id, actorOf(request));
      return reply.code(204).send();
    },
  );
  server.get(
    '/api/rollouts',
    {
      schema: {
        tags,
        operationId: 'listRollouts',
        summary: 'The last rollouts',
        response: { 200: RolloutList },
      },
      config: city,
    },
    async () => ({ items: await listRollouts(store.db) }),
  );
  server.get(
    '/api/rollouts/:id',
    {
      schema: {
        tags,
        operationId: 'getRollout',
        summary: 'How far each box is',
        params: IdParams,
        response: { 200: RolloutDetail },
      },
      config: { ...city, refuses: [404] },
    },
    async ({ params }) => rolloutDetail(store.db, params.id),
  );
  server.post(
    '/api/rollouts',
    {
      schema: {
        tags,
        operationId: 'beginRollout',
        summary: 'Bring a release to boxes, a few at a time',
        body: NewRollout,
        response: { 201: RolloutDetail },
      },
      config: { ...admin, refuses: [404, 409] },
    },
    async (request, reply) => {
      const id = await beginRollout(store, request.body, actorOf(request));
      return reply.code(201).send(await rolloutDetail(store.db, id));
    },
  );
  server.post(
    '/api/rollouts/:id/:order',
    {
      schema: {
        tags,
        operationId: 'orderRollout',
        summary: 'Pause it, go on with it, or take it back',
        params: OrderParams,
        response: { 200: RolloutDetail },
      },
      config: { ...admin, refuses: [404, 409] },
    },
    async (request) => {
      const { id, order } = request.params;
      await orderRollout(store, id, order, actorOf(request));
      return rolloutDetail(store.db, id);
    },
  );
}

/** The files of one release, a part each, named as they are called; one upload at a time, since it is held in memory. */
function uploadRoute(server: Server, { store, evidence, config }: GatewayParts): void {
  const maxBytes = config.fleet.maxMegabytes * 1_000_000;
  let isUploading = false;
  server.register(async (scope) => {
    await scope.register(multipart, {
      limits: { fileSize: maxBytes, files: MAX_FILES, fields: 0, parts: MAX_FILES },
    });
    scope.post(
      '/api/releases',
      {
        schema: {
          tags: ['fleet'],
          operationId: 'uploadRelease',
          summary: 'A release, as a form of its files: release.json, release.sig and those that they name',
          consumes: ['multipart/form-data'],
          response: { 201: ReleaseDetail },
        },
        config: { access: ['admin'], readsBody: true, refuses: [409, 422] },
      },
      async (request, reply) => {
        if (!request.isMultipart())
          throw new Refusal('type_not_taken', 'content-type: expected multipart/form-data');
        if (isUploading) throw new Refusal('release_uploading', 'another release is being uploaded');
        isUploading = true;
        try {
          const checked = checkUpload(await readFiles(request, maxBytes), config.fleet);
          const id = await keepRelease({ store, evidence }, checked, actorOf(request));
          return await reply.code(201).send(await releaseDetail(store.db, id));
        } catch (error) {
          // What has not been read of the form stands before any further request on this connection.
          if (!request.raw.readableEnded) reply.header('connection', 'close');
          throw error;
        } finally {
          isUploading = false;
        }
      },
    );
  });
}

async function readFiles(
  request: FastifyRequest,
  maxBytes: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const watch = watchUpload(request.raw.socket, UPLOAD_IDLE_MS);
  try {
    return await Promise.race([readParts(request, maxBytes), watch.stalled]);
  } finally {
    watch.end();
  }
}

/** What is too much is read and dropped, so that the browser hears the answer rather than a broken connection. */
async function readParts(
  request: FastifyRequest,
  maxBytes: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  let left = maxBytes;
  let fault: Refusal | null = null;
  for await (const part of request.files({ throwFileSizeLimit: false })) {
    const chunks: Buffer[] = [];
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      left -= chunk.length;
      if (left < 0 || part.file.truncated) fault ??= tooLarge(maxBytes);
      if (fault === null) chunks.push(chunk);
    }
    if (part.file.truncated) fault ??= tooLarge(maxBytes);
    if (files.has(part.filename))
      fault ??= new Refusal('release_refused', `${part.filename}: is there twice`);
    files.set(part.filename, Buffer.concat(chunks));
  }
  if (fault !== null) throw fault;
  return files;
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal(
    'body_too_large',
    `a release has at most ${maxBytes / 1e6} MB here (fleet.maxMegabytes)`,
  );
}

/** For boxes, each with its own login; from any byte on, since lines end. */
function fileRoute(server: Server, { store, evidence }: GatewayParts): void {
  const answer = answerOf({ [FILE_TYPE]: Bytes });
  const mayFetch = fileLimits(server, store);
  server.get(
    '/api/agents/files/:sha256',
    {
      schema: {
        tags: ['agents'],
        operationId: 'getReleaseFile',
        summary: 'A file of a release, for boxes',
        params: FileParams,
        response: { 200: answer, 206: answer, 416: Nothing },
      },
      config: {
        access: 'public',
        rateLimit: FILES_OF_ALL,
        refuses: [401, 404],
      },
    },
    async (request, reply) => {
      const { sha256 } = request.params;
      await mayFetch(request, sha256);
      const file = (await isReleaseFile(store.db, sha256)) ? await evidence.get(sha256) : null;
      if (file === null)
        throw new Refusal('release_file_unknown', 'no release that may be handed out has this file');
      const range = rangeOf(request.headers.range, file.bytes);
      if (range === 'unsatisfiable')
        return reply.code(416).header('content-range', `bytes */${file.bytes}`).send();
      reply.type(FILE_TYPE).headers({ 'accept-ranges': 'bytes', 'cache-control': 'no-store' });
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
}
