/** `npm run bench`: measures what is claimed, beside what it is compared with, on this machine and in one run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { cameras } from './agent/cameras.ts';
import { hotpath } from './agent/hotpath.ts';
import { latency } from './agent/latency.ts';
import { memory } from './agent/memory.ts';
import { models } from './agent/models.ts';
import { restart } from './agent/restart.ts';
import { desk } from './console/console.ts';
import { figures } from './gateway/figures.ts';
import { fleet } from './gateway/fleet.ts';
import { gateway } from './gateway/gateway.ts';
import { purge } from './gateway/purge.ts';
import { machine } from './machine.ts';
import { peers } from './peers/peers.ts';
import { withFigures } from './readme.ts';
import { combine } from './repeat.ts';
import { type Bench, printTable, type Report, writeReport } from './report.ts';
import { simulator } from './simulator/simulator.ts';

const ALL = [
  models,
  hotpath,
  latency,
  cameras,
  peers,
  memory,
  restart,
  simulator,
  gateway,
  purge,
  figures,
  fleet,
  desk,
];
const ROOT = resolve(import.meta.dirname, '..');
const RESULTS = resolve(ROOT, 'bench-results');

await new Command('bench')
  .description(
    `Measures and writes bench-results/NAME.json.\n${ALL.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}`,
  )
  .argument('[names...]', 'which; all when left out')
  .option(
    '--runs <number>',
    'how often each is run: the file has the medians and how far they lie apart',
    '3',
  )
  .option('--readme', "measure nothing; fill the README's table from bench-results")
  .action(async (names: string[], options: { runs: string; readme?: boolean }) => {
    if (options.readme === true) {
      const file = resolve(ROOT, 'README.md');
      writeFileSync(file, withFigures(readFileSync(file, 'utf8'), RESULTS));
      return;
    }
    const runs = Number(options.runs);
    if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs: expected a whole number from 1 on');
    const unknown = names.find((name) => !ALL.some((bench) => bench.name === name));
    if (unknown !== undefined)
      throw new Error(`${unknown}: no such bench; there are ${ALL.map(({ name }) => name).join(', ')}`);
    for (const bench of ALL.filter(({ name }) => names.length === 0 || names.includes(name)))
      await measure(bench, runs);
  })
  .parseAsync()
  .catch((error: Error) => {
    console.error(`bench: ${error.message.split('\n')[0]}`);
    process.exitCode = 1;
  });

async function measure(bench: Bench, runs: number): Promise<void> {
  console.log(`\n${bench.name}: ${bench.about}`);
  const reports: Report[] = [];
  const repetitions: object[] = [];
  for (let run = 1; run <= runs; run++) {
    const startedAt = new Date().toISOString();
    const loadBefore = load();
    reports.push(await bench.run());
    repetitions.push({ startedAt, loadBefore, loadAfter: load() });
    if (run < runs) console.log(`run ${run} of ${runs} done`);
  }
  const { figures, spread, table, notes, pictures = {} } = combine(reports);
  printTable(table);
  for (const note of notes) console.log(`- ${note}`);
  const command = `npm run bench -- ${bench.name}`;
  const content = { command, machine: machine(), repetitions, ...figures, spread, table, notes };
  console.log(writeReport(RESULTS, `${bench.name}.json`, `${JSON.stringify(content, null, 2)}\n`));
  for (const [name, svg] of Object.entries(pictures)) console.log(writeReport(RESULTS, name, svg));
}

/** Of the last minute: other work on the machine makes figures worse. */
function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}
