/** `npm run licences`: the licence of every production package; ends with 1 when one of them may not be shipped. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { idleExceptions, type Licensed, type Lock, productionLicences } from './licences.ts';

new Command('licences')
  .description('Lists the licence of every production package, and fails on a copyleft or unknown one.')
  .option('--all', 'every package, not only a count for each licence')
  .action(({ all }: { all?: boolean }) => {
    const lock = JSON.parse(
      readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
    ) as Lock;
    const licensed = productionLicences(lock);
    for (const entry of licensed) if (all || entry.verdict === 'refused') console.log(line(entry));
    for (const [group, entries] of groups(licensed)) console.log(`${group}: ${entries.length}`);
    for (const { package: name } of idleExceptions(licensed)) {
      console.error(`licences: the exception for ${name.source} is needed by nothing`);
      process.exitCode = 1;
    }
    if (licensed.some(({ verdict }) => verdict === 'refused')) process.exitCode = 1;
  })
  .parse();

function line({ name, version, licence, verdict }: Licensed): string {
  return `${name}@${version}: ${licence ?? 'no licence'}${verdict === 'refused' ? ', may not be shipped' : ''}`;
}

function groups(licensed: readonly Licensed[]): readonly (readonly [string, readonly Licensed[]])[] {
  const grouped = Map.groupBy(licensed, ({ licence, verdict, reason }) =>
    verdict === 'permissive' ? `${licence}` : `${licence ?? 'no licence'}, ${verdict} (${reason})`,
  );
  return [...grouped].sort(([, a], [, b]) => b.length - a.length);
}
