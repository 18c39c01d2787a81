/** Watching a camera live. */
import { Id } from '@roadwatch/contract';
import { LiveView } from '@roadwatch/contract/api';
import type { AuditAction } from '@roadwatch/contract/codes';
import { Type } from 'typebox';
import { type Actor, authorOf } from '../../identity/actor.ts';
import { hangUp } from '../../live/hang-up.ts';
import type { LiveRelay } from '../../live/relay.ts';
import { CITY } from '../access.ts';
import { endWithAccess } from '../access-watch.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';
import { CameraParams, cameraThatAnswers } from './cameras.ts';

const LiveQuery = Type.Object({
  plays: Type.Optional(
    Type.String({
      pattern: '^(h264|h265)(,(h264|h265))?$',
      description: 'codecs that can be played as the camera sends them, with commas; left out: none',
    }),
  ),
});
const SessionParams = Type.Object({ session: Id });

export function liveRoutes(server: Server, parts: GatewayParts, relay: LiveRelay): void {
  const { store } = parts;
  const record = (actor: Actor, action: AuditAction, camera: string): Promise<void> =>
    store.transaction(async (tx) => {
      tx.audit({ ...authorOf(actor), action, subject: `camera:${camera}` });
    });

  server.post(
    '/api/cameras/:site/:agent/:camera/live',
    {
      schema: {
        tags: ['live'],
        operationId: 'startLiveView',
        summary: 'Have the camera stream',
        params: CameraParams,
        querystring: LiveQuery,
        response: { 200: LiveView },
      },
      config: { access: CITY, refuses: [404] },
    },
    async (request) => {
      const camera = await cameraThatAnswers(store.db, request.params);
      const plays = request.query.plays?.split(',') ?? [];
      const { session, offer } = await relay.open(camera, plays);
      const { codec: _, ...shown } = offer;
      return { session, path: `/api/live/${session}`, ...shown };
    },
  );

  server.get(
    '/api/live/:session',
    { websocket: true, schema: { hide: true, params: SessionParams }, config: { access: CITY } },
    async (socket, request) => {
      const camera = relay.watch((request.params as { session: string }).session, socket);
      if (camera === null) return socket.close(1008, 'this live view is over');
      const name = `${camera.site}/${camera.agent}/${camera.camera}`;
      const actor = actorOf(request);
      const stopLooking = endWithAccess(parts, request, () =>
        hangUp(socket, 1008, 'you may no longer watch'),
      );
      socket.on('close', () => {
        stopLooking();
        void record(actor, 'live.left', name).catch(() => {});
      });
      await record(actor, 'live.watched', name);
    },
  );

  server.get(
    '/api/agents/live/:session',
    { websocket: true, schema: { hide: true, params: SessionParams }, config: { access: 'public' } },
    (socket, request) => {
      const [, token = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
      relay.attach((request.params as { session: string }).session, token, socket);
    },
  );
}
