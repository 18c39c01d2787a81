/** One report of several runs: the median of every figure, and how far the runs lie apart. */
import type { Report } from './report.ts';
import { median } from './statistics.ts';

type Tree = number | string | boolean | null | readonly Tree[] | { readonly [key: string]: Tree };

export interface Combined extends Report {
  /** As `figures`, with [least, greatest] in place of each number that differs between the runs. */
  readonly spread: object;
}

/** What is not a number, and the pictures, are of the last run. */
export function combine(reports: readonly Report[]): Combined {
  const last = reports.at(-1) as Report;
  const figures = reports.map((report) => report.figures as Tree);
  return {
    ...last,
    figures: merged(figures, (values) => median(values)) as object,
    spread: (merged(figures, range) ?? {}) as object,
    table: last.table.map((row, at) =>
      row.map((cell, column) =>
        said(
          cell,
          reports.map(({ table }) => table[at]?.[column]),
        ),
      ),
    ),
  };
}

function said(cell: string | number, cells: readonly (string | number | undefined)[]): string | number {
  const values = cells.filter((value) => typeof value === 'number');
  if (typeof cell !== 'number' || values.length < cells.length) return cell;
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  return least === greatest ? cell : `${median(values)} (${least}-${greatest})`;
}

function range(values: readonly number[]): Tree {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  return least === greatest ? least : [least, greatest];
}

/** Runs may differ in shape, as when one held more cameras than another: then the last stands for all. */
function merged(trees: readonly Tree[], numbers: (values: readonly number[]) => Tree): Tree {
  const last = trees.at(-1) as Tree;
  if (typeof last === 'number') {
    const values = trees.filter((tree) => typeof tree === 'number');
    return numbers(values);
  }
  if (typeof last !== 'object' || last === null) return last;
  const below = (key: string): Tree => {
    const parts = trees.map((tree) => (tree as Readonly<Record<string, Tree>> | null)?.[key]);
    return merged(
      parts.filter((part) => part !== undefined),
      numbers,
    );
  };
  if (Array.isArray(last)) return last.map((_, at) => below(String(at)));
  return Object.fromEntries(Object.keys(last).map((key) => [key, below(key)]));
}
