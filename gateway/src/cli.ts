/** `npm run gateway`: the command centre, and the commands of whoever runs it. */
import { logUncaught, ServiceManager } from '@roadwatch/common';
import { Command } from 'commander';
import { addAgents } from './commands/agents.ts';
import { addArchive } from './commands/archive.ts';
import { addAudit } from './commands/audit.ts';
import { addEvidence } from './commands/evidence.ts';
import { addExports } from './commands/exports.ts';
import { addModels } from './commands/models.ts';
import { configOf, logger, withSettings } from './commands/shared.ts';
import { addTokens } from './commands/tokens.ts';
import { addUsers } from './commands/users.ts';
import { addWalls } from './commands/walls.ts';
import { type Config, ConfigError, readConfig } from './config/config.ts';
import { tryUnit } from './dispatch/trial.ts';
import { tableText } from './http/access.ts';
import { fullConfig, listRoutes } from './http/list-routes.ts';
import { startGateway } from './main.ts';
import { VERSION } from './version.ts';

// The store, evidence, keys, backups and exports are for nobody else on the machine, whatever the mask it was started with.
process.umask(0o077);

const program = new Command('roadwatch-gateway')
  .description('Receives what agents have verified, and turns it into alerts, tickets and dispatches.')
  .version(VERSION)
  .option('--config <file>', 'YAML configuration; gateway/gateway.example.yaml explains every key')
  .option('--check-config', 'say whether the configuration is valid, and end')
  .action(async (options: { config?: string; checkConfig?: boolean }) => {
    const config = configOf(options.config);
    if (options.checkConfig) for (const line of checked(options.config as string, config)) console.log(line);
    else await serve(config);
  });

program.enablePositionalOptions();

addAgents(program);
addUsers(program);
addTokens(program);
addWalls(program);
addAudit(program);
addArchive(program);
addEvidence(program);
addModels(program);

program
  .command('routes')
  .description('every route of the HTTP interface, who may call it, and which scope a token needs')
  .option('--config <file>', 'the routes of this configuration; left out, all that can be')
  .action(async ({ config }: { config?: string }) => {
    const settings = config === undefined ? fullConfig() : readConfig(config);
    process.stdout.write(tableText(await listRoutes(settings, logger(settings))));
  });

addExports(program);

program
  .command('test-unit <id>')
  .description("send a trial order to a unit's own system, and print what it said; makes no ticket")
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action(async (id: string, { config }: { config: string }) => {
    await withSettings(config, async (store, settings) => {
      const unit = settings.units.find((entry) => entry.id === id);
      if (unit === undefined)
        throw new Error(
          `there is no unit ${id}; known: ${settings.units.map((entry) => entry.id).join(', ')}`,
        );
      const { ok, lines } = await tryUnit(unit, settings, store.now(), new AbortController().signal);
      for (const line of lines) console.log(line);
      if (!ok) throw new Error(`${id} has not taken the trial order`);
    });
  });

await program.parseAsync().catch((error: Error) => {
  console.error(`roadwatch-gateway: ${error.message}`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
});

/** What `--check-config` says of a file that is valid. */
function checked(file: string, { takenOver }: Config): readonly string[] {
  const valid = `${file}: valid`;
  if (takenOver.length === 0) return [valid];
  const keys = takenOver.join(', ');
  return [
    `${file}: ${keys}: taken over by a store that has no settings yet; from then on the console has them (Administration), and what is changed here has no effect`,
    valid,
  ];
}

async function serve(config: Config): Promise<void> {
  const log = logger(config);
  logUncaught(log);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const manager = ServiceManager.of(process.env, log);
  const gateway = await startGateway(config, log);
  manager.ready(() => gateway.liveness());
  console.log(`Console: ${gateway.consoleUrl}`);
  console.log(`MQTT: ${gateway.mqttUrl}`);
  if (gateway.firstLogin !== null)
    console.log(`Login: ${gateway.firstLogin.username}  Password: ${gateway.firstLogin.password}`);
  if (!stopping.signal.aborted)
    await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  await manager.stopping();
  await gateway.stop();
  log.info('gateway stopped');
}
