/** `npm run agent -- --config FILE`: the edge process. */
import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { logRecordOptions, logUncaught, ServiceManager, thrown } from '@roadwatch/common';
import { Command } from 'commander';
import { destination, pino } from 'pino';
import { addBoxCommands, chosenLanguage } from './box-commands.ts';
import { ConfigError, readBoxToPair, readConfig } from './config/config.ts';
import { obeyHangUp, onHangUp } from './hang-up.ts';
import { pairBox } from './identity/pair.ts';
import { interruptible } from './interruptible.ts';
import { SaidError } from './language.ts';
import { startAgent } from './main.ts';
import { VERSION } from './version.ts';

// What the agent writes is for nobody else on the box, whatever the mask it was started with.
process.umask(0o077);

const LOG_KEPT_BYTES = 64 * 1024;
const STOP_TIMEOUT_MS = 15_000;
/** Something that was verified is neither sent nor on disk. */
const EXIT_UNSAVED = 3;

const CONFIG = [
  '--config <file>',
  'YAML configuration; agent/agent.example.yaml explains every key',
] as const;

const program = new Command('roadwatch-agent')
  .description('Watches street cameras for road damage and reports what it has verified over MQTT.')
  .version(VERSION)
  .option(...CONFIG)
  .option('--check-config', 'say whether the configuration is valid, and end')
  .showHelpAfterError('(--help tells more)')
  .enablePositionalOptions()
  .hook('preSubcommand', obeyHangUp)
  .action(run);
program
  .command('pair')
  .description("make this box known to its gateway: makes the box's key and has it certified")
  .option(
    '--code <code>',
    'what `gateway agents pair` printed; every user of this machine can see it meanwhile',
  )
  .option('--code-file <file>', 'the same, read from a file, or with - from standard input')
  .requiredOption(...CONFIG)
  .action(pair);
addBoxCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  const message = error instanceof SaidError ? error.words[chosenLanguage()] : (error as Error).message;
  process.stderr.write(`${error instanceof ConfigError ? message : `roadwatch-agent: ${message}`}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}

interface PairOptions {
  readonly config: string;
  readonly code?: string;
  readonly codeFile?: string;
}

async function pair({ config, code, codeFile }: PairOptions): Promise<void> {
  if ((code === undefined) === (codeFile === undefined)) throw new Error('give either --code or --code-file');
  const text = code ?? readFileSync(codeFile === '-' ? 0 : (codeFile as string), 'utf8');
  await interruptible(async (signal) => {
    const { site, agent, gatewayUrl, brokerUrl } = await pairBox(readBoxToPair(config), text, signal);
    const broker = brokerUrl === undefined ? 'mqtt.url names its broker' : `its broker is ${brokerUrl}`;
    process.stdout.write(`${site}/${agent} is paired with ${gatewayUrl}; ${broker}\n`);
  });
}

async function run(options: { readonly config?: string; readonly checkConfig?: true }): Promise<void> {
  if (options.config === undefined)
    throw new Error('--config FILE is needed; agent/agent.example.yaml is one to begin with');
  const config = readConfig(options.config);
  if (options.checkConfig) {
    obeyHangUp();
    for (const problem of config.cameraProblems) process.stderr.write(`${options.config}: ${problem}\n`);
    const some = config.cameraProblems.length > 0;
    process.stdout.write(
      `${options.config}: ${some ? 'can be used without the cameras named' : 'valid'}; ${config.cameras.length} camera(s)\n`,
    );
    process.exitCode = some ? 1 : 0;
    return;
  }
  const service = {
    name: 'roadwatch-agent',
    version: VERSION,
    instance: `${config.site}/${config.agent}`,
  };
  const log = pino(
    { level: config.log.level, ...logRecordOptions(service) },
    // The agent goes on though nobody takes its log any more, as when a terminal is closed; so much of it is kept for who does again.
    destination({ fd: 2, sync: true, maxLength: LOG_KEPT_BYTES }).on('error', () => {}),
  );
  logUncaught(log);
  for (const problem of config.cameraProblems) log.error({ problem }, 'camera left out');
  const manager = ServiceManager.of(process.env, log);
  const agent = await startAgent(config, log, options.config);
  manager.ready(() => agent.liveness());
  // Else written at the end only, which power may cut short.
  flushCompileCache();
  const stop = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('not everything ended in time');
      process.exit(1);
    }, STOP_TIMEOUT_MS).unref();
    Promise.all([agent.stop(), manager.stopping()]).then(
      ([unsaved]) => process.exit(unsaved.length === 0 ? 0 : EXIT_UNSAVED),
      (error: Error) => {
        log.error(thrown(error), 'stopped with an error');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  onHangUp({
    reload: () => void agent.reload(),
    end: () => stop('SIGHUP'),
  });
}
