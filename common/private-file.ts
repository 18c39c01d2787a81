/** A file that is for its owner alone, also where it has been there before with other rights. */
import { chmodSync, closeSync, openSync } from 'node:fs';

/** Makes it when it is not there, which leaves no moment in which others could read it. Throws what the system says. */
export function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}
