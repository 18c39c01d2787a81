/** Around a run of histories of faults: prints the table of what came out, and puts it into bench-results/faults.json. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { machine } from '../../../bench/machine.ts';
import { printTable, writeReport } from '../../../bench/report.ts';
import type { Recorded } from './outcome.ts';
import { SEED } from './run.ts';
import { tableOf } from './table.ts';

const RESULTS = resolve(import.meta.dirname, '../../../bench-results');
const FILE = 'faults.json';

export default function collect(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-outcomes-'));
  project.provide('faultsFolder', folder);
  // The workers have it from here.
  process.env.ROADWATCH_FAULTS_SEED = String(SEED);
  console.log(`faults: ROADWATCH_FAULTS_SEED=${SEED}`);
  return () => {
    const outcomes = readdirSync(folder)
      .sort()
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded);
    rmSync(folder, { recursive: true });
    if (outcomes.length === 0) return;
    printTable(tableOf(outcomes));
    for (const { fault, notes = [] } of outcomes)
      for (const note of notes) console.log(`- ${fault}: ${note}`);
    // What was not run this time stays as it was; each entry says when it was run, and how much of it.
    const all = [...outcomes, ...earlier()].toSorted((a, b) => (a.fault < b.fault ? -1 : 1));
    const faults = all.filter(
      ({ fault }, index) => all.findIndex((other) => other.fault === fault) === index,
    );
    const content = { command: 'npm run test:long -- faults', machine: machine(), faults };
    console.log(writeReport(RESULTS, FILE, `${JSON.stringify(content, null, 2)}\n`));
  };
}

function earlier(): readonly Recorded[] {
  const file = join(RESULTS, FILE);
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, 'utf8')) as { faults: readonly Recorded[] }).faults;
}
