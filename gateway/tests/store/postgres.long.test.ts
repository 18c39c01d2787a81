/** The behaviours that are tested on SQLite, on PostgreSQL. */
import { afterAll, beforeAll } from 'vitest';
import { type PostgresServer, startPostgres } from '../../testing/postgres.ts';
import { useServer } from '../../testing/store.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
  useServer(server.url);
});
afterAll(() => server.stop());

await import('../../src/archive/archive.test.ts');
await import('../../src/audit/audit.test.ts');
await import('../alerts/verdicts.test.ts');
await import('../alerts/merge.test.ts');
await import('../alerts/rejected-places.test.ts');
await import('../clocks/notices.test.ts');
await import('../../src/workflow/fire-clocks.test.ts');
await import('../crew/crew.test.ts');
await import('../dispatch/delivery.test.ts');
await import('../dispatch/mail.test.ts');
await import('../dispatch/mail-login.test.ts');
await import('../../src/dispatch/open311/client.test.ts');
await import('../dispatch/open311-gateways.test.ts');
await import('../dispatch/overdue.test.ts');
await import('../dispatch/webhook-update.test.ts');
await import('../../src/evidence/parts.test.ts');
await import('../evidence/parts.test.ts');
await import('../figures/figures.test.ts');
await import('../http/events.test.ts');
await import('../http/fuzz.test.ts');
await import('../http/oidc.test.ts');
await import('../http/session.test.ts');
await import('../http/tokens.test.ts');
await import('../../src/ingest/fuzz.test.ts');
await import('../ingest/ingest.test.ts');
await import('../inspections/inspections.test.ts');
await import('../open311/clients.test.ts');
await import('../open311/open311.test.ts');
await import('../open311/report.test.ts');
await import('../../src/retention/purge.test.ts');
await import('../../src/retention/purge-reports.test.ts');
await import('../../src/workflow/commands.test.ts');
