/** Proof that pictures are what a box signed. */
import type { Command } from 'commander';
import { openEvidence } from '../evidence/open.ts';
import { openAuthority } from '../pki/authority.ts';
import { isProven, proofLines } from '../proof/tell.ts';
import { proveDetections } from '../proof/verify.ts';
import { withStore } from './shared.ts';

export function addEvidence(program: Command): void {
  program
    .command('evidence')
    .description('pictures and clips, and what boxes signed of them')
    .command('verify <alert-or-detection>')
    .description('prove that a detection, or all of an alert, and its pictures are what the box signed')
    .option('--json', 'the result for other programs')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((id: string, { json, config }: { json?: true; config: string }) =>
      withStore(config, async (store, settings) => {
        const authority = await openAuthority(settings.dataDir, settings.authority, store.now());
        const proofs = await proveDetections(store.db, openEvidence(settings), authority, id);
        if (proofs.length === 0) throw new Error(`there is no alert or detection ${id}`);
        console.log(json ? JSON.stringify(proofs, null, 2) : proofs.flatMap(proofLines).join('\n'));
        if (!proofs.every(isProven)) process.exitCode = 1;
      }),
    );
}
