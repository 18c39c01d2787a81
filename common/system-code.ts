/** What the system has against it, by name. */
import { constants } from 'node:os';

const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [-number, name]));

/** `ENOSPC`. Node itself has no name for some, as for a quota that is used up (EDQUOT). Null where it is no error of the system. */
export function systemCode(error: unknown): string | null {
  const { code, errno } = (error ?? {}) as { readonly code?: unknown; readonly errno?: unknown };
  return NAMES.get(Number(errno)) ?? (typeof code === 'string' ? code : null);
}
