/** `npm run bench`: measures what is claimed, beside what it is compared with, on this machine and in one run. */
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { gateway } from '../../gateway/bench/gateway.ts';
import { cameras } from './cameras.ts';
import { hotpath } from './hotpath.ts';
import { latency } from './latency.ts';
import { machine } from './machine.ts';
import { memory } from './memory.ts';
import { models } from './models.ts';
import { peers } from './peers.ts';
import { printTable, type Report, writeReport } from './report.ts';
import { simulator } from './simulator.ts';

const ALL = [models, hotpath, latency, cameras, peers, memory, simulator, gateway];
const ROOT = resolve(import.meta.dirname, '../..');

await new Command('bench')
  .description(
    `Measures and writes bench-results/NAME.json.\n${ALL.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}`,
  )
  .argument('[names...]', 'which; all when left out')
  .action(async (names: string[]) => {
    const unknown = names.find((name) => !ALL.some((bench) => bench.name === name));
    if (unknown !== undefined)
      throw new Error(`${unknown}: no such bench; there are ${ALL.map(({ name }) => name).join(', ')}`);
    for (const bench of ALL.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const [loadBefore = 0] = loadavg();
      console.log(`\n${bench.name}: ${bench.about}`);
      const startedAt = new Date().toISOString();
      const { figures, table, notes, pictures = {} }: Report = await bench.run();
      printTable(table);
      for (const note of notes) console.log(`- ${note}`);
      const command = `npm run bench -- ${bench.name}`;
      const content = { command, startedAt, machine: machine(loadBefore), ...figures, table, notes };
      const folder = resolve(ROOT, 'bench-results');
      console.log(writeReport(folder, `${bench.name}.json`, `${JSON.stringify(content, null, 2)}\n`));
      for (const [name, svg] of Object.entries(pictures)) console.log(writeReport(folder, name, svg));
    }
  })
  .parseAsync()
  .catch((error: Error) => {
    console.error(`bench: ${error.message.split('\n')[0]}`);
    process.exitCode = 1;
  });
