/** The record of who did what, for admins: looked up, and checked. */
import { AuditCheck, AuditPage, Instant } from '@roadwatch/contract/api';
import { Type } from 'typebox';
import { describeAudit } from '../../audit/describe.ts';
import { searchAudit } from '../../audit/search.ts';
import type { GatewayParts } from '../route-context.ts';
import { PageQuery } from '../schemas.ts';
import type { Server } from '../server.ts';

const config = { access: ['admin'] as const };
const Text = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));
const Time = Type.Optional(Type.Unsafe<string>(Instant));

export function auditRoutes(server: Server, { config: settings, store }: GatewayParts): void {
  server.get(
    '/api/audit',
    {
      schema: {
        tags: ['audit'],
        operationId: 'searchAudit',
        summary: 'Who did what, when, to which thing; the latest first',
        querystring: Type.Object({
          actor: Text,
          action: Text,
          subject: Text,
          from: Time,
          to: Time,
          ...PageQuery,
        }),
        response: { 200: AuditPage },
      },
      config,
    },
    async ({ query: { from, to, ...asked } }) =>
      searchAudit(store.db, {
        ...asked,
        ...(from === undefined ? {} : { from: Date.parse(from) }),
        ...(to === undefined ? {} : { to: Date.parse(to) }),
      }),
  );

  server.post(
    '/api/audit/verify',
    {
      schema: {
        tags: ['audit'],
        operationId: 'verifyAudit',
        summary: 'Check that no entry has been altered, removed or inserted',
        response: { 200: AuditCheck },
      },
      // The whole chain is read.
      config: { ...config, rateLimit: { max: 6, timeWindow: 60_000 } },
    },
    async () =>
      describeAudit(store, settings.audit.heads.file, []).then(
        (lines) => ({ ok: true, lines }),
        (error: Error) => ({ ok: false, lines: [error.message] }),
      ),
  );
}
