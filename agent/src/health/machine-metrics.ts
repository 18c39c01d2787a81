/** The box itself in Prometheus' text format. What a machine does not tell has no line. */
import type { MachineState } from '@roadwatch/contract';
import { Gauge, type Registry } from 'prom-client';

const FIGURES: readonly [string, string, (machine: MachineState) => number | undefined][] = [
  ['temperature_celsius', 'of its hottest part', (machine) => machine.temperatureCelsius],
  [
    'throttled',
    '1: the processor is busy and held well below its highest clock; 0: it is not',
    ({ throttled }) => (throttled === undefined ? undefined : Number(throttled)),
  ],
  ['clock_ratio', 'of the highest clock of the processor', (machine) => machine.clockShare],
  ['busy_ratio', 'of the time of all processors', (machine) => machine.busyShare],
  ['load1', 'of the last minute, as the system counts it', (machine) => machine.load],
  ['processors', 'that the agent may use', (machine) => machine.processors],
  ['memory_free_bytes', 'of the machine', (machine) => machine.memory.freeBytes],
  ['memory_size_bytes', 'of the machine', (machine) => machine.memory.totalBytes],
];

export function addMachineMetrics(registry: Registry, read: () => MachineState): void {
  for (const [name, help, value] of FIGURES)
    new Gauge({
      name: `roadwatch_machine_${name}`,
      help,
      registers: [registry],
      collect() {
        const now = value(read());
        if (now === undefined) this.remove();
        else this.set(now);
      },
    });
  for (const [name, help, key] of [
    ['free_bytes', 'of the disk under what is kept there', 'freeBytes'],
    ['size_bytes', 'of the disk under what is kept there', 'totalBytes'],
  ] as const)
    new Gauge({
      name: `roadwatch_machine_disk_${name}`,
      help,
      labelNames: ['what'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { what, [key]: bytes } of read().disks) this.set({ what }, bytes);
      },
    });
}
