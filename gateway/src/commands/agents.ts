/** Which boxes may connect. */
import type { Command } from 'commander';
import { endedCertificates } from '../agents/keys.ts';
import { createPairing } from '../agents/pairing.ts';
import { registerAgent, revokeAgent } from '../agents/registry.ts';
import { parseAgentName } from '../cameras/source.ts';
import type { Config } from '../config/config.ts';
import { openAuthority } from '../pki/authority.ts';
import { replaceFile } from '../pki/pem-file.ts';
import { withStore } from './shared.ts';

export function addAgents(program: Command): void {
  const agents = program.command('agents').description('which agents may connect');
  agents
    .command('add <site/agent>')
    .description('register an agent, or give it a new password; prints the password, which is kept nowhere')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((name: string, { config }: { config: string }) =>
      withStore(config, async (store) => {
        console.log(`Password: ${await registerAgent(store, agentName(name))}`);
      }),
    );
  agents
    .command('pair <site/agent>')
    .description(
      'a code, for once and for an hour, with which the box makes itself known: roadwatch-agent pair',
    )
    .option(
      '--url <address>',
      'where the box reaches this gateway; by default http.publicUrl, or host and port',
    )
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((name: string, { url, config }: { url?: string; config: string }) =>
      withStore(config, async (store, settings) => {
        const gateway = (url ?? addressOf(settings)).replace(/\/$/, '');
        const { fingerprint } = await openAuthority(settings.dataDir, settings.authority, store.now());
        const pairing = { gateway, authority: fingerprint };
        const { code } = await createPairing(store, agentName(name), pairing);
        console.log(`Code: ${code}`);
      }),
    );
  agents
    .command('revocations')
    .description('the list of certificates that are no longer good (CRL, PEM), for a broker of another make')
    .requiredOption('--to <file>', 'the file to write')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action(({ to, config }: { to: string; config: string }) =>
      withStore(config, async (store, settings) => {
        const authority = await openAuthority(settings.dataDir, settings.authority, store.now());
        const ended = await endedCertificates(store);
        // A broker reads it as a user of its own.
        replaceFile(to, await authority.revocationList(ended, store.now()), 0o644);
        console.log(`${ended.length} certificates are in ${to}`);
      }),
    );
  agents
    .command('revoke <site/agent>')
    .description('an agent may connect no more')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((name: string, { config }: { config: string }) =>
      withStore(config, async (store) => {
        if (!(await revokeAgent(store, agentName(name)))) throw new Error(`there is no agent ${name}`);
        console.log(`${name} is revoked; a running gateway ends its connection at once`);
      }),
    );
}

/** Where boxes reach the gateway, as far as its configuration tells. */
function addressOf({ http }: Config): string {
  if (http.publicUrl !== undefined) return http.publicUrl;
  if (http.port === 0)
    throw new Error('--url: is needed, since http.port is 0 and there is no http.publicUrl');
  return `http://${http.host.includes(':') ? `[${http.host}]` : http.host}:${http.port}`;
}

function agentName(text: string): NonNullable<ReturnType<typeof parseAgentName>> {
  const name = parseAgentName(text);
  if (name === null)
    throw new Error(`${text}: expected SITE/AGENT, two names of lower-case letters, digits and hyphens`);
  return name;
}
