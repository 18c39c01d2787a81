/** Who may use the console. */
import { ROLES, type Role, USER_NAME } from '@roadwatch/contract/api';
import type { Command } from 'commander';
import type { Config } from '../config/config.ts';
import { disableUser, newPassword, resetSecondFactor, saveUser } from '../identity/users.ts';
import { CLI, nameError, withSettings, withStore } from './shared.ts';

export function addUsers(program: Command): void {
  const users = program.command('users').description('who may use the console');
  users
    .command('add <username>')
    .description(
      'add a user, or give one that exists a new password and role, which ends their sessions; prints the password, which is kept nowhere',
    )
    .requiredOption('--role <role>', ROLES.join(', '))
    .option('--unit <id>', 'the unit that somebody in the role unit belongs to')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((username: string, options: { role: string; unit?: string; config: string }) => {
      return withSettings(options.config, async (store, config) => {
        const user = newUserOf(username, options, config);
        const password = newPassword();
        await saveUser(store, { ...user, password }, CLI);
        console.log(`Login: ${username}  Password: ${password}`);
        if (!config.login.local)
          console.log('Passwords are not taken while login.local is false; set it to true and start again.');
      });
    });
  users
    .command('reset-second-factor <username>')
    .description('for somebody whose telephone is lost: the password is enough again; their sessions end')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((username: string, { config }: { config: string }) =>
      withStore(config, async (store) => {
        if (!(await resetSecondFactor(store, username, CLI)))
          throw new Error(`${username} has no second factor`);
        console.log(`${username} signs in with the password alone`);
      }),
    );
  users
    .command('disable <username>')
    .description('somebody may log in no more; their sessions end')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((username: string, { config }: { config: string }) =>
      withStore(config, async (store) => {
        if (!(await disableUser(store, username, CLI))) throw new Error(`there is no user ${username}`);
        console.log(`${username} is disabled`);
      }),
    );
}

function newUserOf(username: string, { role, unit }: { role: string; unit?: string }, config: Config) {
  if (!new RegExp(USER_NAME).test(username)) throw nameError(username);
  if (!(ROLES as readonly string[]).includes(role))
    throw new Error(`--role: ${role} is not allowed; expected one of ${ROLES.join(', ')}`);
  if ((role === 'unit') !== (unit !== undefined))
    throw new Error('--unit: goes with --role unit, and only with it');
  const units = config.units.map((entry) => entry.id);
  if (unit !== undefined && !units.includes(unit))
    throw new Error(`--unit: there is no unit ${unit}; the configuration has ${units.join(', ')}`);
  return { username, role: role as Role, unitId: unit ?? null };
}
