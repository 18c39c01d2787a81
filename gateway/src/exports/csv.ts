/** Comma-separated values (RFC 4180) that spreadsheets open as they are. */

export type Cell = string | number | null;

/** A byte order mark lets spreadsheets read Chinese as UTF-8. */
export const CSV_START = '\uFEFF';

/**
 * What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), the full-width forms among them, also behind
 * blanks or characters that show nothing, which some strip before they look.
 */
const FORMULA = /^(?:[\t\r\n]|[\p{White_Space}\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u;

/** A text that would be taken for a formula gets an apostrophe, which shows it as text. */
export function csvLine(cells: readonly Cell[]): string {
  const fields = cells.map((cell) => {
    if (cell === null) return '';
    if (typeof cell === 'number') return String(cell);
    const text = FORMULA.test(cell) ? `'${cell}` : cell;
    return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${fields.join(',')}\r\n`;
}
