/** Which screens may show the wall. */
import { TOKEN_NAME } from '@roadwatch/contract/api';
import type { Command } from 'commander';
import { endWall, listWalls, makeWall } from '../wall/screens.ts';
import { CLI, nameError, withStore } from './shared.ts';

const MAX_DAYS = 1825;

export function addWalls(program: Command): void {
  const walls = program.command('walls').description('which screens may show the wall of the command centre');
  walls
    .command('add <name>')
    .description('let a screen show it; prints its address, which is kept nowhere')
    .option('--days <number>', 'valid for so long', '365')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((name: string, options: { days: string; config: string }) => {
      if (!new RegExp(TOKEN_NAME).test(name)) throw nameError(name);
      const days = Number(options.days);
      if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS)
        throw new Error(`--days: expected a whole number from 1 to ${MAX_DAYS}`);
      return withStore(options.config, async (store, config) => {
        const { path } = await makeWall(store, { name, days }, CLI);
        const { host, port, publicUrl = `http://${host}:${port}` } = config.http;
        console.log(`Wall: ${publicUrl.replace(/\/$/, '')}${path}`);
      });
    });
  walls
    .command('end <name>')
    .description('the screen goes dark within seconds')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((name: string, { config }: { config: string }) =>
      withStore(config, async (store) => {
        await endWall(store, { name }, CLI);
        console.log(`${name} is ended`);
      }),
    );
  walls
    .command('list')
    .description('all of them, also those that are over')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action(({ config }: { config: string }) =>
      withStore(config, async (store) => {
        for (const { name, state, expiresAt, lastUsedAt } of await listWalls(store))
          console.log([name, state, `until ${expiresAt}`, `used ${lastUsedAt ?? 'never'}`].join('  '));
      }),
    );
}
