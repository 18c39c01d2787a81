/** Boxes that are paired, or renew their certificate. Both prove who they are in what they send, so no login is asked for. */
import { Slug } from '@roadwatch/contract';
import { Certificate, Sealed } from '@roadwatch/contract/api';
import { Type } from 'typebox';
import { type PairingParts, pair, renew } from '../../agents/pairing.ts';
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

export function pairingRoutes(server: Server, parts: PairingParts): void {
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
