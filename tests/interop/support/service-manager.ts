/** A service manager that somebody else could have written: the receiving end of sd_notify, in Python. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/temp.ts';

const RECEIVER = fileURLToPath(new URL('../notify_receiver.py', import.meta.url));

export interface ManagerStandIn {
  /** For `NOTIFY_SOCKET`. */
  readonly socket: string;
  /** Everything that has been said, a list of words for each datagram. */
  readonly said: readonly (readonly string[])[];
  /** Resolves with the first datagram from number `from` on for which it holds. */
  heard(holds: (words: readonly string[]) => boolean, from?: number): Promise<readonly string[]>;
}

export async function managerStandIn(): Promise<ManagerStandIn> {
  const socket = join(await temporaryFolder(), 'notify');
  const child = spawn('python3', [RECEIVER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const said: (readonly string[])[] = [];
  let changed = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line) as string[]);
    changed.resolve();
    changed = Promise.withResolvers();
  });
  const heard: ManagerStandIn['heard'] = async (holds, from = 0) => {
    for (let at = from; ; at++) {
      while (at >= said.length) await changed.promise;
      const words = said[at] as readonly string[];
      if (holds(words)) return words;
    }
  };
  await heard(([word]) => word === 'bound');
  return { socket, said, heard };
}
