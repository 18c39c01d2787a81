/** How the box itself is: warm, held back, busy, full. Looked at now and then; what was seen last is told. */
import { availableParallelism, type CpuInfo, cpus, freemem, loadavg, totalmem } from 'node:os';
import type { MachineState } from '@roadwatch/contract';
import { roomIn } from '../disk/disk-error.ts';
import { nearestFolder } from '../disk/make-folder.ts';
import { clockShare, hottestCelsius } from './sysfs.ts';
import { Throttling } from './throttling.ts';

export interface MachineOptions {
  /** By what is kept there. */
  readonly folders: Readonly<Record<string, string>>;
  /** Of sysfs. */
  readonly root?: string;
  /** Of every processor. */
  times?(): readonly Pick<CpuInfo, 'times'>[];
}

export class MachineWatch {
  readonly #options: MachineOptions;
  readonly #throttling = new Throttling();
  #spent: Spent;
  #now: MachineState;

  /** `nowMs`: by a clock that nobody sets, as at each look. */
  constructor(options: MachineOptions, nowMs: number) {
    this.#options = options;
    this.#spent = this.#read();
    this.#now = this.look(nowMs);
  }

  get now(): MachineState {
    return this.#now;
  }

  look(nowMs: number): MachineState {
    const { root, folders } = this.#options;
    const busyShare = this.#takeBusyShare();
    const temperature = hottestCelsius(root);
    const clock = clockShare(root);
    const throttled = this.#throttling.look({ clockShare: clock, busyShare }, nowMs);
    this.#now = {
      ...(temperature === null ? {} : { temperatureCelsius: Math.round(temperature * 10) / 10 }),
      ...(throttled === null ? {} : { throttled }),
      ...(clock === null ? {} : { clockShare: round(clock) }),
      ...(busyShare === null ? {} : { busyShare: round(busyShare) }),
      load: round(loadavg()[0] ?? 0),
      processors: availableParallelism(),
      memory: { freeBytes: freemem(), totalBytes: totalmem() },
      disks: Object.entries(folders).flatMap(([what, folder]) => {
        const room = roomIn(nearestFolder(folder));
        return room === null
          ? []
          : [{ what, freeBytes: countable(room.freeBytes), totalBytes: countable(room.totalBytes) }];
      }),
    };
    return this.#now;
  }

  #read(): Spent {
    const all = (this.#options.times ?? cpus)().map(({ times }) => times);
    const idle = all.reduce((sum, times) => sum + times.idle, 0);
    const busy = all.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0);
    return { idle, busy };
  }

  /** Since the last look; null when no time has passed. */
  #takeBusyShare(): number | null {
    const before = this.#spent;
    const now = this.#read();
    const [busy, idle] = [now.busy - before.busy, now.idle - before.idle];
    if (busy < 0 || idle < 0 || busy + idle === 0) return null;
    this.#spent = now;
    return busy / (busy + idle);
  }
}

/** Of all processors together, since the machine's start. */
interface Spent {
  readonly idle: number;
  readonly busy: number;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Some file systems that are no disks say that they have no end. */
function countable(bytes: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, bytes);
}
