/** Saving everything, and filling an empty store from what was saved. */
import type { Command } from 'commander';
import { backUp } from '../archive/backup.ts';
import { restore } from '../archive/restore.ts';
import { openEvidence } from '../evidence/open.ts';
import { withStore } from './shared.ts';

export function addArchive(program: Command): void {
  program
    .command('backup')
    .description('save the store and the evidence into a folder; the gateway may run meanwhile')
    .requiredOption('--to <folder>', 'evidence that it has from an earlier backup is not copied again')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action(({ to, config }: { to: string; config: string }) =>
      withStore(config, async (store, settings) => {
        const saved = await backUp(store, openEvidence(settings), to);
        console.log(`${saved.rows} rows and ${saved.evidence} pieces of evidence are in ${to}`);
      }),
    );
  program
    .command('restore')
    .description('fill an empty store from a backup, also one of another kind of store')
    .requiredOption('--from <folder>', 'the backup')
    .requiredOption('--config <file>', 'the configuration of the gateway; its store must be empty')
    .action(({ from, config }: { from: string; config: string }) =>
      withStore(config, async (store, settings) => {
        const restored = await restore(store, openEvidence(settings), from);
        console.log(
          `${restored.rows} rows and ${restored.evidence} pieces of evidence restored; the audit is unbroken`,
        );
        if (restored.sealed !== 'checked')
          console.log(
            `what is in the backup was not checked against a key (${restored.sealed === 'none' ? 'it has no seal' : `its own is not in ${store.auditKeys.file}`})`,
          );
      }),
    );
}
