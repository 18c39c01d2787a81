/** Backups at the press of a button. */
import { Backup, BackupList } from '@roadwatch/contract/api';
import { STORE_FILE } from '../../archive/backup.ts';
import { Backups } from '../../archive/backups.ts';
import { cutWithAccess } from '../access-watch.ts';
import { answerOf, Bytes } from '../answers.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const config = { access: ['admin'] as const };

export function backupRoutes(server: Server, parts: GatewayParts): void {
  const { config: settings, store, evidence, log } = parts;
  const backups = new Backups(store, evidence, settings.dataDir, log);
  server.addHook('preClose', () => backups.stop());

  server.get(
    '/api/backups',
    {
      schema: {
        tags: ['backups'],
        operationId: 'listBackups',
        summary: 'The backup under way, and the last that were made',
        response: { 200: BackupList },
      },
      config,
    },
    async () => ({ items: await backups.list() }),
  );

  server.post(
    '/api/backups',
    {
      schema: {
        tags: ['backups'],
        operationId: 'makeBackup',
        summary: 'Save the store and the evidence into a folder of the gateway',
        response: { 202: Backup },
      },
      config: { ...config, refuses: [409] },
    },
    async (request, reply) => reply.code(202).send(backups.begin(actorOf(request))),
  );

  server.get(
    '/api/backups/store',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['backups'],
        operationId: 'downloadBackup',
        summary: 'The rows of the last backup, as its file; pictures are in the folder only',
        response: { 200: answerOf({ 'application/gzip': Bytes }) },
      },
      config: { ...config, refuses: [404], rateLimit: { max: 10, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const { bytes, stream } = await backups.rows(actorOf(request));
      cutWithAccess(parts, request, reply);
      return reply
        .type('application/gzip')
        .header('cache-control', 'no-store')
        .header('content-length', bytes)
        .header('content-disposition', `attachment; filename="${STORE_FILE}"`)
        .send(stream);
    },
  );
}
