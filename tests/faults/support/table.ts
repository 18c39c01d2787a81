/** The outcomes of a run as rows. */
import type { Growth, Recorded } from './outcome.ts';

const HEADING = [
  ...['fault', 'extent', 'expected', 'lost', 'doubled', 'early', 'late p99'],
  ...['back p50', 'p99', 'most', 'descriptors', 'children', 'MiB'],
];

export function tableOf(outcomes: readonly Recorded[]): readonly (readonly string[])[] {
  return [HEADING, ...outcomes.map(row)];
}

function row({ fault, extent, detections, deadlines, returns, growth }: Recorded): readonly string[] {
  const doubled =
    detections === undefined && deadlines === undefined
      ? undefined
      : (detections?.doubled ?? 0) + (deadlines?.doubled ?? 0);
  return [
    fault,
    extent,
    count(detections?.expected),
    count(detections?.lost),
    count(doubled),
    count(deadlines?.early),
    seconds(deadlines?.lateP99Ms),
    seconds(returns?.p50Ms),
    seconds(returns?.p99Ms),
    seconds(returns?.mostMs),
    ...(['descriptors', 'children', 'memoryMiB'] as const).map((what) => fromTo(growth, what)),
  ];
}

function count(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`;
}

function fromTo(growth: Growth | undefined, what: 'descriptors' | 'children' | 'memoryMiB'): string {
  return growth === undefined ? '' : growth[what].map((value) => Math.round(value)).join(' to ');
}
