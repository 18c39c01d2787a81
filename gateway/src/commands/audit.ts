/** The record of who did what: checked, and its head taken elsewhere. */
import type { Command } from 'commander';
import { describeAudit } from '../audit/describe.ts';
import { beginNewKey } from '../store/audit/chain.ts';
import { headOf, printHead } from '../store/audit/head.ts';
import { withStore } from './shared.ts';

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('the record of who did what');
  audit
    .command('verify')
    .description(
      'check that no entry has been altered, removed or inserted, against the heads that were kept',
    )
    .option(
      '--against <head or file...>',
      'heads kept elsewhere: as printed, or files they stand in, such as a log or a mail',
    )
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action(({ against, config }: { against?: string[]; config: string }) =>
      withStore(config, async (store, { audit: { heads } }) => {
        for (const line of await describeAudit(store, heads.file, against ?? [])) console.log(line);
      }),
    );
  audit
    .command('head')
    .description(
      'print how long the audit is and what its last entry was, signed: keep it elsewhere, for verify --against',
    )
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action(({ config }: { config: string }) =>
      withStore(config, async (store) => {
        const head = await headOf(store.db, store.auditKeys, store.now());
        if (head === null) throw new Error('there is no sealed entry yet');
        console.log(printHead(head));
      }),
    );
  audit
    .command('new-key')
    .description(
      'seal all further entries with a new key, added to the key file; stop gateways on other machines before',
    )
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action(({ config }: { config: string }) =>
      withStore(config, async (store) => {
        const id = await store.transaction((tx) => beginNewKey(tx.db, store.auditKeys, tx.at));
        console.log(`${store.auditKeys.file}: the key ${id} seals the audit from now on`);
      }),
    );
}
