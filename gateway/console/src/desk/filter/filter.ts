/** What a desk looks for: the part of the queue that is in the address bar. It judges what waits there, or only looks at what is over. */
import type { DeskLooks } from '@roadwatch/contract/api';
import { type Narrowed, narrowedBy, periodOf } from '../../shared/narrowing/narrowed.ts';
import type { WallClock } from '../../shared/time/time.ts';

export const FILTER_FIELDS = [
  'text',
  'number',
  'damageClass',
  'camera',
  'unit',
  'area',
  'state',
  'from',
  'to',
] as const;
export type FilterField = (typeof FILTER_FIELDS)[number];

/** Other than waiting for a verdict; `any` with those that wait. */
export const STATES_SOUGHT = ['any', 'confirmed', 'rejected', 'shelved', 'merged'] as const;
const NUMBER = /^[A-Za-z0-9-]{1,40}$/;

export interface DeskFilter {
  readonly narrowed: Narrowed<FilterField>;
  /** As it stands in the address, `?…`; empty: everything that waits. */
  readonly search: string;
  /** As the gateway is asked for what is next. */
  readonly asked: NonNullable<DeskLooks['filter']>;
  /** As it is asked for the list. */
  readonly query: string;
  /** What is sought does not wait for a verdict, or not all of it: nothing is given out. */
  readonly looks: boolean;
}

export const NO_FILTER: DeskFilter = { narrowed: {}, search: '', asked: {}, query: '', looks: false };

export function filterBy(search: string, wall: WallClock): DeskFilter {
  return filterOf(narrowedBy(search, FILTER_FIELDS), wall);
}

/** What is not as the gateway takes it is left out. */
export function filterOf(given: Narrowed<FilterField>, wall: WallClock): DeskFilter {
  const isSound = ([name, value]: [string, string]): boolean =>
    name === 'number'
      ? NUMBER.test(value)
      : name !== 'state' || STATES_SOUGHT.some((state) => state === value);
  const narrowed: Narrowed<FilterField> = Object.fromEntries(Object.entries(given).filter(isSound));
  const { state, from, to, ...words } = narrowed;
  const asked = { ...words, ...periodOf({ from, to }, wall) } as DeskFilter['asked'];
  const query = new URLSearchParams({ ...asked, ...(state === undefined ? {} : { state }) }).toString();
  const search = new URLSearchParams(narrowed).toString();
  return { narrowed, search: search === '' ? '' : `?${search}`, asked, query, looks: state !== undefined };
}
