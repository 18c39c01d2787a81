/** A part of a file that a browser asks for, as players do that jump within a clip (RFC 9110, 14.2). */
import type { ByteRange } from '../evidence/store.ts';

/**
 * Of `bytes=FIRST-LAST`, `bytes=FIRST-` and `bytes=-COUNT`. Null when the whole is to be sent, as for several ranges or another
 * unit, which a server may ignore; `unsatisfiable` when it begins behind the end.
 */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const count = Math.min(Number(last), bytes);
    return count === 0 ? 'unsatisfiable' : { start: bytes - count, end: bytes - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return null;
  if (start >= bytes) return 'unsatisfiable';
  return { start, end: last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1) };
}
