/** What a process has used of the machine, as Linux counts it. */
import { readFileSync } from 'node:fs';

/** proc(5): of `/proc/PID/stat`, after the name, which may hold anything. */
const USER = 11;
const SYSTEM = 12;
/** USER_HZ is 100 wherever Linux runs: a tick. */
const TICK_MS = 10;

/** Of all its threads since it began, ms, in steps of ten; null where the system does not say, or the process has gone. */
export function processorTimeMs(pid: number | undefined): number | null {
  if (pid === undefined) return null;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ms = (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK_MS;
    return Number.isFinite(ms) ? ms : null;
  } catch {
    return null;
  }
}
