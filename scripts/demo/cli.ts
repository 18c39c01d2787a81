/** `npm run demo`: from a broken road to a dispatched ticket on this machine. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { shippedModel } from '@roadwatch/models';
import { Command, InvalidArgumentError } from 'commander';
import { newRunFolder } from './folders.ts';
import { startLoop } from './loop.ts';
import { runOnce } from './once.ts';
import { describeOutcome } from './timeline.ts';

const DEFAULT_SOURCES = ['scene:pothole', 'scene:quiet'];
const CONSOLE_PORT = 8080;

interface Options {
  readonly source: readonly string[];
  readonly once?: boolean;
  readonly json?: boolean;
  readonly model?: string;
  readonly port: number;
  readonly timeout: number;
}

const program = new Command('demo')
  .description(
    'Simulated street cameras, an edge agent and the command centre, each as its own process, set up by ordinary config files. ' +
      'Prints where the console is and how to log in, and runs until Ctrl-C.',
  )
  .option(
    '--source <path>',
    'what a camera shows: a video, a picture, a folder, or scene:NAME (repeatable)',
    collect,
    [],
  )
  .option(
    '--once',
    'no person needed: wait for the alert, confirm it, print the timeline, exit 0 once the ticket is dispatched',
  )
  .option('--json', 'with --once: print one JSON object')
  .option('--model <dir>', 'model folder; by default the one that ships')
  .option('--port <n>', 'port of the console, 0 for any', port, CONSOLE_PORT)
  .option('--timeout <seconds>', 'with --once: give up after', seconds, 120)
  .action((options: Options) => (options.once ? once(options) : demo(options)));

await program.parseAsync().catch((error: Error) => {
  console.error(`demo: ${error.message.split('\n')[0]}`);
  process.exitCode = 1;
});

async function once(options: Options): Promise<void> {
  const outcome = await runOnce({
    folder: newRunFolder(new Date()),
    sources: sourcesOf(options, DEFAULT_SOURCES.slice(0, 1)),
    model: options.model ?? shippedModel(),
    timeoutMs: options.timeout * 1000,
    signal: interrupted(),
  });
  console.log(options.json ? JSON.stringify(outcome) : describeOutcome(outcome));
  if (outcome.outcome !== 'dispatched') process.exitCode = 1;
}

async function demo(options: Options): Promise<void> {
  const stop = interrupted();
  const folder = newRunFolder(new Date());
  const loop = await startLoop({
    folder,
    sources: sourcesOf(options, DEFAULT_SOURCES),
    model: options.model ?? shippedModel(),
    consolePort: options.port,
  });
  const { username, password } = loop.login;
  console.log(`Console   ${loop.consoleUrl}\nLogin     ${username}\nPassword  ${password}\n`);
  for (const url of loop.cameraUrls) console.log(`Camera    ${url}`);
  console.log(`\nConfig, logs and evidence are in ${folder}\nCtrl-C ends it.`);
  const broken = await Promise.race([
    loop.broken,
    new Promise<null>((resolve) => stop.addEventListener('abort', () => resolve(null))),
  ]);
  await loop.stop();
  if (broken !== null) throw new Error(broken);
}

function sourcesOf(options: Options, fallback: readonly string[]): readonly string[] {
  for (const source of options.source) {
    if (!source.startsWith('scene:') && !existsSync(source))
      throw new Error(`--source ${source}: no such file or folder`);
  }
  if (options.source.length === 0) return fallback;
  return options.source.map((source) => (source.startsWith('scene:') ? source : resolve(source)));
}

/** Aborts on the first Ctrl-C or SIGTERM; a second Ctrl-C ends the process the hard way. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

function port(text: string): number {
  return wholeNumber(text, 0, 65_535);
}

function seconds(text: string): number {
  return wholeNumber(text, 1, 86_400);
}

function wholeNumber(text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
}
