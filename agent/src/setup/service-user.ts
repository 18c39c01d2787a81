/**
 * Whose what `init` writes is. A package has the service run as a user of its own, and root sets the box up: settings and secrets are
 * then root's, for the service to read and for nobody else; what is data is the service's own.
 */
import { statSync } from 'node:fs';

export interface ServiceUser {
  readonly uid: number;
  readonly gid: number;
}

/** The owner of the data folder, where root sets the box up for another user; null: who runs this is who will run the agent. */
export function serviceUserOf(dataDir: string): ServiceUser | null {
  if (process.geteuid?.() !== 0) return null;
  const folder = statSync(dataDir, { throwIfNoEntry: false });
  return folder === undefined || folder.uid === 0 ? null : { uid: folder.uid, gid: folder.gid };
}

/** Does it with that user's rights: no link that the service may have laid into its own folder leads root elsewhere. */
export async function asServiceUser<Result>(
  user: ServiceUser | null,
  work: () => Promise<Result>,
): Promise<Result> {
  if (user === null) return work();
  process.setegid?.(user.gid);
  process.seteuid?.(user.uid);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
