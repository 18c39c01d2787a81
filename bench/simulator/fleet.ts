/** What a fleet costs: its process against a broker, in a process of its own, that answers for everything at once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FleetReport } from '../../simulator/src/fleet/tally.ts';

export interface FleetFigures {
  readonly report: FleetReport;
  /** CPU seconds a second of the fleet alone, start and connecting included. */
  readonly cores: number;
  readonly residentMiB: number;
}

const LOOK_EVERY_MS = 250;
const CLOCK_TICKS = 100;

export async function measureFleet(brokerUrl: string, args: readonly string[]): Promise<FleetFigures> {
  const cli = join(import.meta.dirname, '../../simulator/src/cli.ts');
  const command = [cli, 'fleet', '--url', brokerUrl, '--json', ...args];
  const began = performance.now();
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  let last = { cpuSeconds: 0, residentMiB: 0 };
  const looking = setInterval(() => {
    last = usage(child) ?? last;
  }, LOOK_EVERY_MS);
  const [code] = await once(child, 'exit').finally(() => clearInterval(looking));
  if (code !== 0) throw new Error(`the fleet ended with ${code}`);
  const seconds = (performance.now() - began) / 1000;
  return {
    report: JSON.parse(text) as FleetReport,
    cores: Math.round((last.cpuSeconds / seconds) * 100) / 100,
    residentMiB: last.residentMiB,
  };
}

function usage({ pid }: ChildProcess): { cpuSeconds: number; residentMiB: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const memory = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // A process that has ended and is not yet reaped has no memory.
    if (memory === undefined) return null;
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS,
      residentMiB: Math.round(Number(memory) / 1024),
    };
  } catch {
    // It is gone.
    return null;
  }
}
