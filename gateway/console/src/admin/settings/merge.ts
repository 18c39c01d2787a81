/** Two people have changed one document: what each has changed, part by part. A part is a key, of units one unit. */
type Parts = Readonly<Record<string, unknown>>;

export interface Conflict {
  readonly part: string;
  /** JSON, or undefined when it is gone. */
  readonly theirs: unknown;
  readonly mine: unknown;
}

export interface Merged {
  /** Theirs, with what only I have changed, and mine where both have. */
  readonly parts: Parts;
  /** What the other has changed, in whatever way, for people to see; `mine` differs only where both have. */
  readonly changed: readonly Conflict[];
}

export function merge(base: Parts, mine: Parts, theirs: Parts): Merged {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine), ...Object.keys(base)])];
  const parts: Record<string, unknown> = {};
  const changed: Conflict[] = [];
  for (const part of names) {
    const iChanged = !same(mine[part], base[part]);
    const value = iChanged ? mine[part] : theirs[part];
    if (value !== undefined) parts[part] = value;
    if (!same(theirs[part], base[part])) changed.push({ part, theirs: theirs[part], mine: value });
  }
  return { parts, changed };
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
