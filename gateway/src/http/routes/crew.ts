/** The link that a unit or the desk gives to a crew. */

import { CrewLink, type Role, WorkingLinks } from '@roadwatch/contract/api';
import QRCode from 'qrcode';
import { Type } from 'typebox';
import { makeCrewLink, revokeCrewLinks, workingLinks } from '../../tickets/crew-links.ts';
import { DESK } from '../access.ts';
import { Nothing } from '../answers.ts';
import { actorOf, userOfRequest } from '../guard.ts';
import { addressFor } from '../public-address.ts';
import type { GatewayParts } from '../route-context.ts';
import { IdParams } from '../schemas.ts';
import type { Server } from '../server.ts';

const MAKERS: readonly Role[] = ['unit', ...DESK];
/** ISO/IEC 18004, 6.3.8: less, and some telephones do not find the code. */
const QUIET_ZONE_MODULES = 4;

const Crew = Type.String({ minLength: 1, maxLength: 60, description: 'as the unit calls them' });
const NewLink = Type.Optional(Type.Object({ crew: Type.Optional(Crew) }, { additionalProperties: false }));
const LinkQuery = Type.Object({
  crew: Type.Optional(
    Type.String({ maxLength: 60, description: 'those of one crew; empty: those of no named crew' }),
  ),
});

export function crewRoutes(server: Server, { config, store }: GatewayParts): void {
  server.post(
    '/api/tickets/:id/crew-link',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'makeCrewLink',
        summary: 'A new link for a crew; the one that it had before ends',
        params: IdParams,
        body: NewLink,
        response: { 200: CrewLink },
      },
      config: { access: MAKERS, refuses: [404, 409] },
    },
    async (request) => {
      const token = await makeCrewLink(
        store,
        request.params.id,
        userOfRequest(request),
        actorOf(request),
        request.body?.crew ?? null,
      );
      const url = addressFor(config.http, request, `/crew/${token}/`);
      return { url, qr: await QRCode.toString(url, { type: 'svg', margin: QUIET_ZONE_MODULES }) };
    },
  );
  server.get(
    '/api/tickets/:id/crew-link',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'listCrewLinks',
        summary: 'The links that work, without the links themselves',
        params: IdParams,
        response: { 200: WorkingLinks },
      },
      config: { access: MAKERS, refuses: [404] },
    },
    async (request) => ({
      items: await workingLinks(store.db, request.params.id, userOfRequest(request)),
    }),
  );
  server.delete(
    '/api/tickets/:id/crew-link',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'endCrewLinks',
        summary: 'End the links of all crews, or of one',
        params: IdParams,
        querystring: LinkQuery,
        response: { 204: Nothing },
      },
      config: { access: MAKERS, refuses: [404] },
    },
    async (request, reply) => {
      const { crew } = request.query;
      await revokeCrewLinks(
        store,
        request.params.id,
        userOfRequest(request),
        actorOf(request),
        crew === '' ? null : crew,
      );
      return reply.code(204).send();
    },
  );
}
