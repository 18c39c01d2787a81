/** Which programs may use the API, and for what. */
import { SCOPES, type Scope, TOKEN_NAME } from '@roadwatch/contract/api';
import { type Command, Option } from 'commander';
import { createToken, listTokens, revokeToken } from '../identity/tokens.ts';
import { CLI, nameError, withStore } from './shared.ts';

export function addTokens(program: Command): void {
  const tokens = program.command('tokens').description('which programs may use the API, and for what');
  tokens
    .command('add <name>')
    .description('make a token; prints it, which is kept nowhere')
    .addOption(new Option('--scope <scope...>', 'what it may do').choices(SCOPES).makeOptionMandatory())
    .option('--days <number>', 'valid for so long', '365')
    .option('--unit <id>', 'it sees and moves the tickets of this unit only')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((name: string, options: { scope: Scope[]; days: string; unit?: string; config: string }) => {
      if (!new RegExp(TOKEN_NAME).test(name)) throw nameError(name);
      return withStore(options.config, async (store) => {
        const expiresAt = store.now() + Number(options.days) * 86_400_000;
        const unit = options.unit === undefined ? {} : { unitId: options.unit };
        const { token } = await createToken(store, { name, scopes: options.scope, expiresAt, ...unit }, CLI);
        console.log(`Token: ${token}`);
      });
    });
  tokens
    .command('revoke <name>')
    .description('from now on it is refused')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((name: string, { config }: { config: string }) =>
      withStore(config, async (store) => {
        await revokeToken(store, { name }, CLI);
        console.log(`${name} is revoked`);
      }),
    );
  tokens
    .command('list')
    .description('all tokens, without their secrets')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action(({ config }: { config: string }) =>
      withStore(config, async (store) => {
        for (const { name, state, scopes, expiresAt, lastUsedAt } of await listTokens(store))
          console.log(
            [name, state, scopes.join(','), `until ${expiresAt}`, `used ${lastUsedAt ?? 'never'}`].join('  '),
          );
      }),
    );
}
