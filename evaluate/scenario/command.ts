/** `npm run evaluate -- scenario FILE|DIR ...`: the whole agent on simulated cameras, against what was true of them. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { shippedModel } from '@roadwatch/models';
import { readScenario } from '@roadwatch/simulator';
import { type Command, InvalidArgumentError } from 'commander';
import { judge } from './judge.ts';
import { type PlayedScenario, playScenarios } from './play.ts';
import { summaryText, writeReport } from './report.ts';
import { summarize } from './summary.ts';

interface Flags {
  readonly model?: string;
  readonly farPass?: boolean;
  readonly parallel: number;
  readonly report?: string;
  readonly json?: boolean;
}

const MOST_AT_ONCE = 64;

export function addScenarioCommand(program: Command): void {
  program
    .command('scenario')
    .description('plays scenarios to a real agent in real time; prints what it found, missed and imagined')
    .argument('<paths...>', 'scenario files, or folders of them')
    .option('--model <dir>', 'model folder; by default the one that ships')
    .option('--far-pass', 'look at the far end of the road enlarged too')
    .option('--parallel <n>', 'cameras that one agent watches at once', atOnce, 8)
    .option(
      '--report <dir>',
      'writes report.html, with a picture of every miss and false alarm, and report.json',
    )
    .option('--json', 'print one JSON object')
    .action(run);
}

async function run(paths: string[], flags: Flags): Promise<void> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  // A bad one is told before the good ones have played for minutes.
  for (const file of files) await readScenario(file);
  const settings = { model: flags.model ?? shippedModel(), farPass: flags.farPass ?? false };
  const played: PlayedScenario[] = [];
  for (let i = 0; i < files.length; i += flags.parallel) {
    const batch = files.slice(i, i + flags.parallel);
    played.push(...(await playScenarios(batch, settings, (name) => console.error(`played ${name}`))));
  }
  const judgements = played.map(judge);
  const summary = summarize(judgements);
  if (flags.json) console.log(JSON.stringify({ summary, judgements }));
  else {
    for (const { name, found, missed, falseAlarms } of judgements) {
      console.log(
        `${name.padEnd(28)} found ${found.length}  missed ${missed.length}  false ${falseAlarms.length}`,
      );
    }
    console.log(summaryText(summary));
  }
  if (flags.report !== undefined) {
    const file = await writeReport(flags.report, summary, judgements, played);
    if (!flags.json) console.log(file);
  }
}

export class ScenarioPathError extends Error {
  override name = 'ScenarioPathError';
}

async function filesOf(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => {
    throw new ScenarioPathError(`${path}: no such file or folder`);
  });
  if (!info.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (names.length === 0) throw new ScenarioPathError(`${path}: holds no scenario (*.yaml)`);
  return names.map((name) => join(path, name));
}

function atOnce(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MOST_AT_ONCE) return value;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${MOST_AT_ONCE}.`);
}
