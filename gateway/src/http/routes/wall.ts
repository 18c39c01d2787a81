/** The wall: its board, once or as it changes, its two pictures, and which screens may show it. */
import { Sha256, timestamp } from '@roadwatch/contract';
import { NewWall, WallBoard, type WallHello, WallList, WallMade } from '@roadwatch/contract/api';
import { Type } from 'typebox';
import { Refusal } from '../../refusal.ts';
import { Board } from '../../wall/board.ts';
import { endWall, listWalls, makeWall } from '../../wall/screens.ts';
import { CITY } from '../access.ts';
import { endWithAccess } from '../access-watch.ts';
import { answerOf, Bytes, Nothing, PlainText } from '../answers.ts';
import { pageFiles } from '../console-build.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams } from '../schemas.ts';
import type { Server } from '../server.ts';

/** A screen that does not read is let go; it comes back by itself. */
const MAX_UNREAD_BYTES = 1024 * 1024;
/** Each is read to every few seconds. */
const MAX_SCREENS = 64;

export function wallRoutes(server: Server, parts: GatewayParts, consoleDir: string): void {
  const { config, store, evidence, changes, log } = parts;
  const { timeZone } = config;
  const board = new Board({ store, changes, log, timeZone });
  const open = new Set<() => void>();
  server.addHook('preClose', async () => {
    for (const end of open) end();
    await board.stop();
  });
  const wall = { access: CITY, scope: 'wall:read' as const };
  const tags = ['wall'];

  server.get(
    '/api/wall',
    {
      schema: {
        tags,
        operationId: 'getWall',
        summary: 'The board as it is now',
        response: { 200: WallBoard },
      },
      config: wall,
    },
    () => board.read(),
  );

  server.get(
    '/api/wall/stream',
    {
      // To HEAD it would be an answer without an end.
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'watchWall',
        summary: 'The board every few seconds, and soon after a change',
        response: { 200: answerOf({ 'text/event-stream': PlainText }) },
      },
      config: { ...wall, refuses: [429] },
    },
    async (request, reply) => {
      if (open.size >= MAX_SCREENS)
        throw new Refusal('walls_too_many', `${MAX_SCREENS} screens show the wall already`, 30);
      const files = await pageFiles(consoleDir, 'wall.html');
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const send = (event: string, data: object): void => {
        raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        if (raw.writableLength > MAX_UNREAD_BYTES) raw.destroy();
      };
      const { responseMinutes } = config.clocks;
      send('hello', { now: timestamp(store.now()), timeZone, responseMinutes, files } satisfies WallHello);
      const stopListening = board.listen((now) => send('board', now));
      const end = (): void => {
        stopListening();
        stopLooking();
        open.delete(end);
        raw.end();
      };
      const stopLooking = endWithAccess(parts, request, end);
      open.add(end);
      raw.on('close', end);
    },
  );

  server.get(
    '/api/wall/pictures/:sha256',
    {
      schema: {
        tags,
        operationId: 'getWallPicture',
        summary: 'A picture of the repair that the board shows',
        params: Type.Object({ sha256: Sha256 }),
        response: { 200: answerOf({ 'image/jpeg': Bytes }) },
      },
      config: { ...wall, refuses: [404] },
    },
    async ({ params: { sha256 } }, reply) => {
      // Whoever has the wall's token sees what the wall shows, and no other evidence.
      const { proof } = await board.read();
      const { latest } = proof.value ?? { latest: null };
      const isShown = latest?.before.sha256 === sha256 || latest?.after.sha256 === sha256;
      const file = isShown ? await evidence.get(sha256) : null;
      if (file === null) throw new Refusal('evidence_unknown', 'the wall shows no such picture');
      reply.headers({ 'cache-control': 'private, max-age=86400', 'content-length': file.bytes });
      return reply.type('image/jpeg').send(file.open());
    },
  );

  const lead = { access: ['admin', 'shift_lead'] as const };

  server.get(
    '/api/walls',
    {
      schema: {
        tags,
        operationId: 'listWalls',
        summary: 'Screens that may show the wall, without their secrets',
        response: { 200: WallList },
      },
      config: lead,
    },
    async () => ({ items: await listWalls(store) }),
  );

  server.post(
    '/api/walls',
    {
      schema: {
        tags,
        operationId: 'makeWall',
        summary: 'Let another screen show the wall; its address is shown this once',
        body: NewWall,
        response: { 201: WallMade },
      },
      config: { ...lead, refuses: [409] },
    },
    async (request, reply) =>
      reply
        .code(201)
        .header('cache-control', 'no-store')
        .send(await makeWall(store, request.body, actorOf(request))),
  );

  server.delete(
    '/api/walls/:id',
    {
      schema: {
        tags,
        operationId: 'endWall',
        summary: 'The screen goes dark within seconds',
        params: IdParams,
        response: { 204: Nothing },
      },
      config: { ...lead, refuses: [404, 409] },
    },
    async (request, reply) => {
      await endWall(store, { id: request.params.id }, actorOf(request));
      return reply.code(204).send();
    },
  );
}
