/** The link that a unit or the desk gives to a crew. */

import { CrewLink, type Role } from '@roadwatch/contract/api';
import QRCode from 'qrcode';
import { makeCrewLink, revokeCrewLinks } from '../../tickets/crew-links.ts';
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

export function crewRoutes(server: Server, { config, store }: GatewayParts): void {
  server.post(
    '/api/tickets/:id/crew-link',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'makeCrewLink',
        summary: 'A new link for the crew; earlier ones end',
        params: IdParams,
        response: { 200: CrewLink },
      },
      config: { access: MAKERS, refuses: [404, 409] },
    },
    async (request) => {
      const token = await makeCrewLink(store, request.params.id, userOfRequest(request), actorOf(request));
      const url = addressFor(config.http, request, `/crew/${token}/`);
      return { url, qr: await QRCode.toString(url, { type: 'svg', margin: QUIET_ZONE_MODULES }) };
    },
  );
  server.delete(
    '/api/tickets/:id/crew-link',
    {
      schema: {
        tags: ['tickets'],
        operationId: 'endCrewLinks',
        summary: 'End the links of the crew',
        params: IdParams,
        response: { 204: Nothing },
      },
      config: { access: MAKERS, refuses: [404] },
    },
    async (request, reply) => {
      await revokeCrewLinks(store, request.params.id, userOfRequest(request), actorOf(request));
      return reply.code(204).send();
    },
  );
}
