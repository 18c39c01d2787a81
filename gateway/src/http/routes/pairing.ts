/** Boxes that are paired, or renew their certificate: both prove who they are in what they send. The code for it an admin makes. */
import { Slug, timestamp } from '@roadwatch/contract';
import { Certificate, NewPairing, PairingMade, Sealed } from '@roadwatch/contract/api';
import { Type } from 'typebox';
import { createPairing, type PairingParts, pair, renew } from '../../agents/pairing.ts';
import type { Config } from '../../config/config.ts';
import { actorOf } from '../guard.ts';
import { addressFor } from '../public-address.ts';
import type { Server } from '../server.ts';

const MAX_SEALED = 16 * 1024;
const SealedRequest = Type.Object(
  {
    site: Slug,
    agent: Slug,
    sealed: Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: MAX_SEALED }),
  },
  { additionalProperties: false },
);
const RenewRequest = Type.Object(
  { request: Type.String({ minLength: 1, maxLength: MAX_SEALED }) },
  { additionalProperties: false },
);
const limited = {
  access: 'public',
  rateLimit: { max: 20, timeWindow: 60_000 },
  refuses: [403, 409],
} as const;

export function pairingRoutes(
  server: Server,
  parts: PairingParts,
  http: Pick<Config['http'], 'publicUrl'>,
): void {
  server.post(
    '/api/agents/pairings',
    {
      schema: {
        tags: ['agents'],
        operationId: 'openPairing',
        summary: 'A code with which one box makes itself known, shown this once, in place of any earlier one',
        body: NewPairing,
        response: { 201: PairingMade },
      },
      config: { access: ['admin'] },
    },
    async (request, reply) => {
      const { site, agent, gateway = addressFor(http, request, '') } = request.body;
      const authority = parts.authority.fingerprint;
      const at = { gateway: gateway.replace(/\/+$/, ''), authority };
      const { code, expiresAt } = await createPairing(parts.store, { site, agent }, at, actorOf(request));
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ code, expiresAt: timestamp(expiresAt) });
    },
  );

  server.post(
    '/api/agents/pair',
    {
      schema: {
        tags: ['agents'],
        operationId: 'pairAgent',
        summary: 'Have the key of a box certified',
        body: SealedRequest,
        response: { 200: Sealed },
      },
      config: limited,
    },
    async ({ body: { site, agent, sealed }, ip }) => ({
      sealed: await pair(parts, { site, agent }, sealed, ip),
    }),
  );
  server.post(
    '/api/agents/renew',
    {
      schema: {
        tags: ['agents'],
        operationId: 'renewCertificate',
        summary: 'A further certificate for the key of a box',
        body: RenewRequest,
        response: { 200: Certificate },
      },
      config: limited,
    },
    async ({ body }) => ({ certificate: await renew(parts, body.request) }),
  );
}
