/** A store or a folder that cannot be written at present, told from a mistake in what was to be written: nothing is wrong with that. */

import { systemCode } from '@roadwatch/common';
import type { TroubleCode } from '@roadwatch/contract/api';

/** What was asked for may succeed later. */
export class StoreTrouble extends Error {
  override readonly name = 'StoreTrouble';
  readonly statusCode = 503;
  readonly code: TroubleCode;

  constructor(code: TroubleCode, cause: Error) {
    super(`${SENTENCES[code]} (${cause.message})`, { cause });
    this.code = code;
  }
}

/** For programs and logs; the console has its own, in the reader's language. */
export const SENTENCES: Readonly<Record<TroubleCode, string>> = {
  store_full: 'the disk is full: nothing can be saved until there is room again; what was saved is kept',
  store_away: 'the store cannot be reached or written at present; what was saved is kept',
};

/** Primary result codes of SQLite (sqlite.org/rescode.html): FULL, and IOERR, READONLY, CANTOPEN. */
const SQLITE_FULL = 13;
const SQLITE_AWAY = new Set([8, 10, 14]);
/** disk_full, and the server's own refusals while it starts, stops or has no room for another connection (PostgreSQL, appendix A). */
const POSTGRES_FULL = '53100';
const POSTGRES_AWAY = /^(08...|57P0[1-5]|53[234]00|25006)$/;
const FULL = new Set(['ENOSPC', 'EDQUOT']);
/** Of a folder. */
const FOLDER_AWAY = new Set(['EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE']);
/** What the pg client says without a code. */
const PG_CLIENT = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/;

/** Of an error of the database; null for one that would come again with the same input. */
export function troubleOf(error: unknown): StoreTrouble | null {
  if (error instanceof StoreTrouble) return error;
  if (!(error instanceof Error)) return null;
  const code = codeOf(error);
  return code === null ? null : new StoreTrouble(code, error);
}

/** Of an error of a folder or bucket. */
export function folderTroubleOf(error: unknown): StoreTrouble | null {
  if (!(error instanceof Error)) return null;
  const { statusCode } = error as { readonly statusCode?: number };
  const code = systemCode(error) ?? '';
  if (FULL.has(code)) return new StoreTrouble('store_full', error);
  const away = statusCode === 503 || FOLDER_AWAY.has(code);
  return away ? new StoreTrouble('store_away', error) : null;
}

function codeOf(error: Error & { readonly code?: unknown; readonly errcode?: unknown }): TroubleCode | null {
  const { code, errcode, message } = error;
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number') {
    // Extended codes have the primary one in their low byte.
    const primary = errcode & 0xff;
    return primary === SQLITE_FULL ? 'store_full' : SQLITE_AWAY.has(primary) ? 'store_away' : null;
  }
  if (typeof code !== 'string') return PG_CLIENT.test(message) ? 'store_away' : null;
  if (code === POSTGRES_FULL || FULL.has(systemCode(error) ?? '')) return 'store_full';
  return POSTGRES_AWAY.test(code) ? 'store_away' : null;
}
