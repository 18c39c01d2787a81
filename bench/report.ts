/** Figures as a table for the terminal and as a file. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Bench {
  readonly name: string;
  readonly about: string;
  run(): Promise<Report>;
}

export interface Report {
  /** What the file holds besides machine and command. */
  readonly figures: object;
  /** The first row is the heading. */
  readonly table: readonly (readonly (string | number)[])[];
  readonly notes: readonly string[];
  /** SVG by the file's name. */
  readonly pictures?: Readonly<Record<string, string>>;
}

export function printTable(rows: Report['table']): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length)),
  );
  for (const row of rows) {
    const cells = widths.map((width, column) => {
      const cell = String(row[column] ?? '');
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(cells.join('  '));
  }
}

/** Returns the file. A reader never sees half of it. */
export function writeReport(folder: string, name: string, content: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(`${file}.tmp`, content);
  renameSync(`${file}.tmp`, file);
  return file;
}
