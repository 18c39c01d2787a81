/** Rows of the figures of whole days, which are counted once and added up for longer periods. */

/** A day of the city's calendar whose figures are kept: from `from_at` on, before `until_at`. */
export interface FigureDayRow {
  from_at: number;
  until_at: number;
  /** UUID of this counting. */
  id: string;
  /** The instant as of which it was counted: it says nothing of how things stood before. */
  counted_at: number;
  /** When the first of its facts turns by the clock alone, as a deadline that passes. */
  good_until: number;
  /** Hash of the areas by which its places were told apart. */
  areas: string;
  /** By which definitions: see `figures/days/sheet.ts`. */
  rules: string;
}

/** What was counted on a day, for each combination of unit, class and area; `cameras`: and of each camera. */
export interface FigureCellsRow {
  from_at: number;
  detail: 'kinds' | 'cameras';
  /** JSON: see `figures/days/sheet.ts`. */
  cells: string;
}

/** Something that counts at this instant has changed since. Written by triggers: see the migration. */
export interface FigureMarkRow {
  id: number;
  at: number;
}
