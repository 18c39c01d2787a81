/** `npm run agent -- --config FILE`: the edge process. */
import { flushCompileCache } from 'node:module';
import { Command } from 'commander';
import { destination, pino } from 'pino';
import { ConfigError, readConfig } from './config/config.ts';
import { AGENT_VERSION, startAgent } from './main.ts';

const STOP_TIMEOUT_MS = 15_000;

const command = new Command('roadwatch-agent')
  .description('Watches street cameras for road damage and reports what it has verified over MQTT.')
  .version(AGENT_VERSION)
  .requiredOption('--config <file>', 'YAML configuration; agent/agent.example.yaml explains every key')
  .option('--check-config', 'say whether the configuration is valid, and end')
  .showHelpAfterError('(--help tells more)');
command.parse();

try {
  await run(command.opts<{ config: string; checkConfig?: true }>());
} catch (error) {
  const message = (error as Error).message;
  process.stderr.write(`${error instanceof ConfigError ? message : `roadwatch-agent: ${message}`}\n`);
  process.exit(1);
}

async function run(options: { readonly config: string; readonly checkConfig?: true }): Promise<void> {
  const config = readConfig(options.config);
  if (options.checkConfig) {
    process.stdout.write(`${options.config}: valid; ${config.cameras.length} camera(s)\n`);
    return;
  }
  const log = pino(
    { level: config.log.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ fd: 2, sync: true }),
  );
  const agent = await startAgent(config, log);
  // Else written at the end only, which power may cut short.
  flushCompileCache();
  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('not everything ended in time');
      process.exit(1);
    }, STOP_TIMEOUT_MS).unref();
    agent.stop().then(
      () => process.exit(0),
      (error: Error) => {
        log.error({ reason: error.message }, 'stopped with an error');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
