/** Identifiers: UUIDv7 for what happens, short names for what is installed, SHA-256 for bytes. */
import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { v7 as uuidv7 } from 'uuid';

/** A new time-ordered UUID (RFC 9562, version 7), made where the thing is made. */
export function newId(): string {
  return uuidv7();
}

/** Lower-case hex SHA-256 of the bytes: names evidence, and names a message in an acknowledgement. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export const Id = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  description: 'UUIDv7, lower case',
});

/** The name of a site, an agent or a camera: a topic level, so no `/`, `+`, `#` or upper case. */
export const Slug = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'lower-case letters, digits and hyphens, at most 63',
});

export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower-case hex' });

/** The word for programs beside a reason, as contract/codes lists them; who does not know one goes by the reason. */
export const MachineCode = Type.String({
  pattern: '^[a-z][a-z0-9_.]{0,62}$',
  description: 'the reason for programs; unknown ones are to be ignored',
});

/** Whatever counts something stays below: a number such as 1e308 is whole, too, but no store counts so far. */
export const MAX_COUNT = 2 ** 31 - 1;

/** Days that exist: 31, 30, or 28 of them in a month, and 29 February in leap years of the Gregorian calendar. */
const DATE = [
  '[12]\\d{3}-(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])',
  '[12]\\d{3}-(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)',
  '[12]\\d{3}-02-(?:0[1-9]|1\\d|2[0-8])',
  '(?:[12]\\d(?:0[48]|[2468][048]|[13579][26])|1[26]00|2[048]00)-02-29',
].join('|');

/**
 * RFC 3339 in UTC with milliseconds, as `Date.prototype.toISOString` writes it: a day that is in the calendar, of the years 1000
 * to 2999, and no leap second, which no computer's clock tells.
 */
export const Timestamp = Type.String({
  pattern: `^(?:${DATE})T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z$`,
  description: 'RFC 3339 UTC with milliseconds, such as 2026-11-23T08:15:30.250Z',
});

export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
