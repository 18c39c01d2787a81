/** What one version of a document has otherwise than another, value by value, for people to read. */
import type { Difference } from '@roadwatch/contract/api';

/** More are counted only. */
const MAX_LISTED = 100;
const MAX_TEXT = 200;

export interface Differences {
  readonly changes: readonly Difference[];
  /** How many are not listed. */
  readonly more: number;
}

type Leaves = ReadonlyMap<string, string>;

/** In the order in which they stand in `after`, then what is gone. `masked`: values of these keys are told as changed only. */
export function differencesOf(
  before: unknown,
  after: unknown,
  masked: ReadonlySet<string> = new Set(),
): Differences {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const paths = [...is.keys(), ...[...was.keys()].filter((path) => !is.has(path))];
  const changed = paths.filter((path) => was.get(path) !== is.get(path));
  const changes = changed.slice(0, MAX_LISTED).map((path) => {
    const isMasked = masked.has(path.split('.').at(-1) as string);
    const shown = (text: string | undefined) =>
      text === undefined ? null : isMasked ? '…' : shortened(text);
    return { path, before: shown(was.get(path)), after: shown(is.get(path)) };
  });
  return { changes, more: changed.length - changes.length };
}

/** Things that have an id are named by it, so that one that is moved in a list is the same; lists of values are one value. */
function leavesOf(value: unknown, path: readonly string[] = [], into = new Map<string, string>()): Leaves {
  if (Array.isArray(value) && value.some((entry) => typeof entry === 'object' && entry !== null)) {
    for (const [index, entry] of value.entries()) {
      const name = (entry as { id?: string; name?: string } | null)?.id ?? String(index);
      leavesOf(entry, [...path, name], into);
    }
    return into;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value))
      leavesOf(inner, key === 'units' && path.length === 0 ? path : [...path, key], into);
    return into;
  }
  const text = value === undefined || value === null ? '' : textOf(value);
  if (text !== '') into.set(path.join('.'), text);
  return into;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return String(value);
}

function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT).toWellFormed()}…` : text;
}
