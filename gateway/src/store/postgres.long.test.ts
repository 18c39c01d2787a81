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

await import('../archive/archive.test.ts');
await import('../audit/audit.test.ts');
await import('../../tests/alerts/verdicts.test.ts');
await import('../../tests/alerts/merge.test.ts');
await import('../../tests/alerts/rejected-places.test.ts');
await import('../../tests/clocks/notices.test.ts');
await import('../workflow/fire-clocks.test.ts');
await import('../../tests/crew/crew.test.ts');
await import('../../tests/dispatch/delivery.test.ts');
await import('../../tests/dispatch/mail.test.ts');
await import('../dispatch/open311/client.test.ts');
await import('../../tests/dispatch/open311-gateways.test.ts');
await import('../../tests/dispatch/overdue.test.ts');
await import('../../tests/dispatch/webhook-update.test.ts');
await import('../../tests/http/events.test.ts');
await import('../../tests/http/fuzz.test.ts');
await import('../../tests/http/oidc.test.ts');
await import('../../tests/http/session.test.ts');
await import('../../tests/http/tokens.test.ts');
await import('../ingest/fuzz.test.ts');
await import('../../tests/ingest/ingest.test.ts');
await import('../../tests/inspections/inspections.test.ts');
await import('../../tests/open311/clients.test.ts');
await import('../../tests/open311/open311.test.ts');
await import('../../tests/open311/report.test.ts');
await import('../retention/purge.test.ts');
await import('../retention/purge-reports.test.ts');
await import('../workflow/commands.test.ts');
