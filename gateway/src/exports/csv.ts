/** Comma-separated values (RFC 4180) that spreadsheets open as they are. */

type Cell = string | number | null;

/** A byte order mark lets spreadsheets read Chinese as UTF-8. */
export const CSV_START = '\uFEFF';

/** A text that a spreadsheet would take for a formula is shown as text (OWASP, CSV injection). */
export function csvLine(cells: readonly Cell[]): string {
  const fields = cells.map((cell) => {
    if (cell === null) return '';
    if (typeof cell === 'number') return String(cell);
    const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${fields.join(',')}\r\n`;
}
