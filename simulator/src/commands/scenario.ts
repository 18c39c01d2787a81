/** `scenario FILE ...`: checks scenario files, or writes their ground truth; `schema` prints what a file may hold. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { defaultCacheDir } from '../media/cache.ts';
import { readScenario } from '../scenario/read.ts';
import { Scenario } from '../scenario/schema.ts';
import { scenarioSource } from '../sources/scenario.ts';
import { writeTruth } from '../sources/scenario-truth.ts';

interface ScenarioFlags {
  readonly check?: boolean;
  readonly out?: string;
  readonly cache: string | false;
}

export function addScenarioCommands(program: Command): void {
  program
    .command('scenario')
    .description('check scenario files, or write their ground truth (truth.ndjson, coco.json)')
    .argument('<files...>', 'YAML files')
    .option('--check', 'only say whether they make sense')
    .option('--out <dir>', 'folder for the ground truth; with several files, a folder in it for each')
    .option('--cache <dir>', 'folder for rendered streets', defaultCacheDir())
    .option('--no-cache', 'keep nothing')
    .action(scenario);
  program
    .command('schema')
    .description('print the JSON Schema of scenario files')
    .action(() => {
      const dialect = 'https://json-schema.org/draft/2020-12/schema';
      process.stdout.write(`${JSON.stringify({ $schema: dialect, ...Scenario }, null, 2)}\n`);
    });
}

async function scenario(files: string[], flags: ScenarioFlags): Promise<void> {
  if (!flags.check && flags.out === undefined) throw new Error('give --check or --out DIR');
  const scenarios = [];
  for (const file of files) scenarios.push(await readScenario(file));
  if (flags.check) {
    for (const file of files) process.stdout.write(`${file}: ok\n`);
    return;
  }
  const ending = new AbortController();
  process.once('SIGTERM', () => ending.abort(new Error('ended by SIGTERM')));
  process.once('SIGINT', () => ending.abort(new Error('ended by SIGINT')));
  for (const entry of scenarios) {
    const cacheDir = flags.cache === false ? null : flags.cache;
    const source = await scenarioSource(entry, {
      encoder: {},
      seed: entry.seed,
      cacheDir,
      signal: ending.signal,
    });
    const dir = files.length === 1 ? (flags.out as string) : join(flags.out as string, entry.name);
    await writeTruth(dir, entry, source);
    process.stdout.write(`${join(dir, 'truth.ndjson')}\n`);
  }
}
