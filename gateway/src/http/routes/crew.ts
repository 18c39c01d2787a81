/** The link that a unit or the desk gives to a crew. */
import QRCode from 'qrcode';
import type { Role } from '../../store/tables/people.ts';
import { makeCrewLink, revokeCrewLinks } from '../../tickets/crew-links.ts';
import { DESK } from '../access.ts';
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
      schema: { tags: ['tickets'], summary: 'A new link for the crew; earlier ones end', params: IdParams },
      config: { access: MAKERS },
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
      schema: { tags: ['tickets'], summary: 'End the links of the crew', params: IdParams },
      config: { access: MAKERS },
    },
    async (request, reply) => {
      await revokeCrewLinks(store, request.params.id, userOfRequest(request), actorOf(request));
      return reply.code(204).send();
    },
  );
}
