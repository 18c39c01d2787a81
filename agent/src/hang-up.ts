/**
 * SIGHUP, from the first moment of the process on: it would end an agent that starts, and is kept for it until it can read its settings
 * anew. A terminal that was closed sends the same signal, and ends whoever was started at it.
 */
import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

let isWaiting = false;
let act: () => void = () => {
  isWaiting = true;
};
const heard = (): void => act();
process.on('SIGHUP', heard);
const hasTerminal = isatty(2);

/** From now on, and for one that came before. */
export function onHangUp({ reload, end }: { reload(): void; end(): void }): void {
  act = () => {
    if (hasTerminal && isTerminalGone()) end();
    else reload();
  };
  if (isWaiting) act();
}

/** The signal ends the process, as it does others. */
export function obeyHangUp(): void {
  process.off('SIGHUP', heard);
  if (isWaiting) process.kill(process.pid, 'SIGHUP');
}

function isTerminalGone(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}
