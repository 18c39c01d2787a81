/** Which bytes of a file are dealt with: ranges `[start, end)`, in order, that neither overlap nor touch. */
export type Range = readonly [start: number, end: number];

export function addRange(ranges: readonly Range[], [start, end]: Range): Range[] {
  const apart = ranges.filter((range) => range[1] < start || range[0] > end);
  const joined = ranges.filter((range) => range[1] >= start && range[0] <= end);
  const whole: Range = [
    Math.min(start, ...joined.map(([from]) => from)),
    Math.max(end, ...joined.map(([, to]) => to)),
  ];
  return [...apart, whole].sort((a, b) => a[0] - b[0]);
}

export function withoutRange(ranges: readonly Range[], [start, end]: Range): Range[] {
  return ranges.flatMap(([from, to]) =>
    (
      [
        [from, Math.min(to, start)],
        [Math.max(from, end), to],
      ] as const
    ).filter((rest) => rest[0] < rest[1]),
  );
}

/** The first bytes below `total` that are in none of the ranges; null when all are. */
export function firstGap(ranges: readonly Range[], total: number): Range | null {
  let at = 0;
  for (const [start, end] of ranges) {
    if (start > at) return [at, Math.min(start, total)];
    at = Math.max(at, end);
  }
  return at < total ? [at, total] : null;
}

export function bytesIn(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}

/** How many bytes of the range are in the others. */
export function overlap(ranges: readonly Range[], range: Range): number {
  return (
    range[1] - range[0] - bytesIn(ranges.reduce<Range[]>((left, other) => withoutRange(left, other), [range]))
  );
}
