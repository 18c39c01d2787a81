/** CPU time and memory of a process with all that it has started, from /proc (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second (getconf CLK_TCK). */
const CLOCK_TICKS = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Own time, and that of children that have ended. */
  readonly seconds: number;
  /** Of the latter. */
  readonly endedSeconds: number;
}

export interface TreeUsage {
  readonly cpuSeconds: number;
  /** Of the processes named `ffmpeg` among them, and of children of the root that have ended, which are no others. */
  readonly ffmpegSeconds: number;
  /** Proportional set size: shared pages count once among those that share them. */
  readonly memoryMiB: number;
  readonly rootMemoryMiB: number;
  /** Beside the root. */
  readonly children: number;
  /** Files, sockets and pipes that the root has open. */
  readonly rootDescriptors: number;
}

export function usageOf(root: number): TreeUsage {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)));
  const tree = new Set([root]);
  for (let grown = true; grown; ) {
    const children = stats.filter(({ pid, parent }) => tree.has(parent) && !tree.has(pid));
    for (const { pid } of children) tree.add(pid);
    grown = children.length > 0;
  }
  const members = stats.filter(({ pid }) => tree.has(pid));
  const sum = (of: readonly Stat[]): number => of.reduce((total, { seconds }) => total + seconds, 0);
  return {
    cpuSeconds: sum(members),
    ffmpegSeconds:
      sum(members.filter(({ name }) => name === 'ffmpeg')) +
      (members.find(({ pid }) => pid === root)?.endedSeconds ?? 0),
    memoryMiB: members.reduce((total, { pid }) => total + memoryOf(pid), 0),
    rootMemoryMiB: memoryOf(root),
    children: members.length - 1,
    rootDescriptors: descriptorsOf(root),
  };
}

/** CPU seconds of each thread of a process by its id. */
export function threadSeconds(pid: number): ReadonlyMap<number, number> {
  return new Map(
    readdirSync(`/proc/${pid}/task`).map((name) => {
      const fields = fieldsOf(readFileSync(`/proc/${pid}/task/${name}/stat`, 'utf8'));
      return [Number(name), (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS];
    }),
  );
}

function statOf(pid: number): Stat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = fieldsOf(text);
    const ticks = (indices: readonly number[]): number =>
      indices.reduce((total, index) => total + Number(fields[index]), 0) / CLOCK_TICKS;
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    return [
      {
        pid,
        parent: Number(fields[1]),
        name,
        seconds: ticks([11, 12, 13, 14]),
        endedSeconds: ticks([13, 14]),
      },
    ];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

/** The fields after the name, which may itself hold spaces and brackets; the first is the state. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function memoryOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function descriptorsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
