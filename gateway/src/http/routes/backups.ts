/** Backups at the press of a button. */
import { Backup, BackupList } from '@roadwatch/contract/api';
import { Backups } from '../../archive/backups.ts';
import { actorOf } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const config = { access: ['admin'] as const };

export function backupRoutes(server: Server, { config: settings, store, evidence, log }: GatewayParts): void {
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
}
