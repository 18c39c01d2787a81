/** The order of the units in the report: the order of the reasons is that of the bureau's monthly evaluation. */
import type { FigureSet } from '@roadwatch/contract/api';

/**
 * By tickets closed on time, then answered in time, then fewer done again; equals share a rank. Null for who had nothing due: there
 * is nothing to judge by.
 */
export function ranks<Row extends { readonly figures: FigureSet }>(
  rows: readonly Row[],
): Map<Row, number | null> {
  const judged = rows.filter(({ figures }) => figures.closedOnTime.value !== null).sort(compare);
  const found = new Map<Row, number | null>(rows.map((row) => [row, null]));
  let rank = 1;
  for (const [at, row] of judged.entries()) {
    if (at > 0 && compare(judged[at - 1] as Row, row) !== 0) rank = at + 1;
    found.set(row, rank);
  }
  return found;
}

function compare({ figures: a }: { figures: FigureSet }, { figures: b }: { figures: FigureSet }): number {
  return (
    numberOf(b, 'closedOnTime') - numberOf(a, 'closedOnTime') ||
    numberOf(b, 'answeredInTime') - numberOf(a, 'answeredInTime') ||
    numberOf(a, 'reworked') - numberOf(b, 'reworked')
  );
}

function numberOf(figures: FigureSet, name: 'closedOnTime' | 'answeredInTime' | 'reworked'): number {
  return figures[name].value ?? 0;
}
