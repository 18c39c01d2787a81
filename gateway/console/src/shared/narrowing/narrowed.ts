/** What narrows a list: names and values, as they stand in the address, so that it can be sent to somebody, kept and gone back to. */
import type { WallClock } from '../time/time.ts';

export type Narrowed<Name extends string> = Readonly<Partial<Record<Name, string>>>;

const DAYS: readonly string[] = ['from', 'to'];
const DAY = /^\d{4}-\d\d-\d\d$/;
const LONGEST = 100;
/** Longer than the longest day, shorter than the shortest two. */
const INTO_NEXT_DAY_MS = 36 * 3_600_000;

/** Of an address, those of these names that have a value; `from` and `to` are days, such as 2026-11-23. */
export function narrowedBy<Name extends string>(search: string, names: readonly Name[]): Narrowed<Name> {
  const given = new URLSearchParams(search);
  const found = names.flatMap((name) => {
    const value = given.get(name)?.trim() ?? '';
    return value === '' || (DAYS.includes(name) && !DAY.test(value))
      ? []
      : [[name, value.slice(0, LONGEST)] as const];
  });
  return Object.fromEntries(found) as Narrowed<Name>;
}

/** With a value more, or, if it is empty, without that of its name. */
export function narrowedTo<Name extends string>(
  { ...narrowed }: Partial<Record<Name, string>>,
  name: Name,
  value: string,
): Narrowed<Name> {
  delete narrowed[name];
  return value === '' ? narrowed : { ...narrowed, [name]: value };
}

/** `from` and `to` as instants: days are those of the city, the last one included. */
export function periodOf(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  wall: WallClock,
): { readonly from?: string; readonly to?: string } {
  const startOf = (day: string): number => wall.instantOf(day);
  const instant = (at: number): string => new Date(at).toISOString();
  return {
    ...(from === undefined ? {} : { from: instant(startOf(from)) }),
    // Over a change of the clock a day has 23 or 25 hours.
    ...(to === undefined
      ? {}
      : { to: instant(startOf(wall.localOf(startOf(to) + INTO_NEXT_DAY_MS).slice(0, 10))) }),
  };
}
