/** The steps of one damage from the street to the bureau, in order, each with the time at which it happened. */

export const STEPS = [
  ['inView', 'damage in view'],
  ['firstBox', 'first box'],
  ['verified', 'verified'],
  ['published', 'published'],
  ['stored', 'stored'],
  ['alert', 'alert'],
  ['confirmed', 'confirmed'],
  ['dispatched', 'ticket dispatched'],
] as const;
type Step = (typeof STEPS)[number][0];
/** RFC 3339 by step. */
export type Timeline = Partial<Record<Step, string>>;

export interface Outcome {
  readonly outcome: 'dispatched' | 'failed';
  readonly reason: string;
  readonly timeline: Timeline;
  /** Files, by absolute path. */
  readonly evidence: readonly string[];
  /** The number of the ticket, such as RW-20261123-000001. */
  readonly ticket?: string;
}

export function describeOutcome({ outcome, reason, timeline, evidence, ticket }: Outcome): string {
  const lines: string[] = [];
  let previous: number | null = null;
  for (const [step, label] of STEPS) {
    const at = timeline[step];
    if (at === undefined) {
      lines.push(`  ${label.padEnd(18)} -`);
      continue;
    }
    const ms = Date.parse(at);
    const after = previous === null ? '' : `  +${((ms - previous) / 1000).toFixed(1)} s`;
    lines.push(`  ${label.padEnd(18)} ${at}${after}`);
    previous = ms;
  }
  const pictures = evidence.map((path) => `  ${path}`);
  return [
    outcome === 'dispatched' ? `Ticket ${ticket} dispatched.` : `No ticket: ${reason}.`,
    ...lines,
    ...(pictures.length > 0 ? ['Evidence:', ...pictures] : []),
  ].join('\n');
}
