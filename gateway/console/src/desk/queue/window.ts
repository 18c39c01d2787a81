/** Which rows of a long list are on the screen: rows are of one height, so it follows from where the list is scrolled to. */

/** Rows beyond either edge, so that a wheel's turn shows no gap. */
const SPARE = 6;

export interface Window {
  readonly from: number;
  /** The first that is not in it. */
  readonly to: number;
}

export function windowOf(scrollTop: number, height: number, rowHeight: number, rows: number): Window {
  const from = Math.max(0, Math.min(rows, Math.floor(scrollTop / rowHeight) - SPARE));
  const to = Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + SPARE);
  return { from, to: Math.max(from, to) };
}

/** Of rows that begin `top` below the edge of what they are seen through (negative: above), `height` high: those wholly in sight. */
export function whollyIn(top: number, height: number, rowHeight: number, rows: number): Window {
  const from = Math.max(0, Math.min(rows, Math.ceil(-top / rowHeight)));
  const to = Math.min(rows, Math.floor((height - top) / rowHeight));
  return { from, to: Math.max(from, to) };
}

/** Where to scroll so that the row is in sight, and no further; null when it is. */
export function scrollTo(row: number, scrollTop: number, height: number, rowHeight: number): number | null {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : null;
}
