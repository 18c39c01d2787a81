/** What the gateway goes by, made of the newest documents: units with their areas and ways, clocks with their calendars, and the rest. */
import type { Secret } from '@roadwatch/common';
import type { Kysely } from 'kysely';
import { type Calendars, calendarsOf } from '../calendar/working-time.ts';
import type { CalendarBook } from '../config/calendar-book.ts';
import type { Config } from '../config/config.ts';
import type { UnitConfig } from '../config/units.ts';
import type { Area } from '../geo/area.ts';
import type { Store } from '../store/database.ts';
import type { Tables } from '../store/tables/index.ts';
import { findArea } from './areas.ts';
import { workingChannel } from './channels.ts';
import { type Documents, parseDocument, type StoredUnit, secretsIn } from './documents.ts';
import { workingOperations } from './operations.ts';
import { openSecret, type SecretRef, secretRows } from './secrets.ts';
import { type Heads, versionOf } from './versions.ts';

/** Of a configuration, what the city's settings are. */
export type City = Pick<
  Config,
  'areas' | 'calendar' | 'clocks' | 'defaultUnit' | 'open311' | 'operations' | 'retention' | 'units'
>;

/** Whose secrets cannot be read here. */
export interface Lost {
  /** Ids of units, which work on the desk meanwhile. */
  readonly units: readonly string[];
  /** The system of the maintainers is told nothing meanwhile. */
  readonly operations: boolean;
}

export async function cityOf(
  store: Store,
  file: Config,
  { heads, documents }: { readonly heads: Heads; readonly documents: Documents },
): Promise<{ readonly city: City; readonly lost: Lost }> {
  const rows = await secretRows(store.db, secretsIn(documents));
  const open = ({ secret }: SecretRef) => {
    const row = rows.get(secret);
    return row === undefined ? null : openSecret(row, store.auditKeys);
  };
  const { units, lost } = workingUnits(documents.units.units, open);
  const { webhook, lost: isLost } = workingOperations(documents.operations, open);
  const { deadlines, escalation, calendar, retention, codes } = documents;
  const calendars = calendarBook(file.timeZone, calendar, heads.get('calendar') ?? 0);
  const city = {
    units,
    areas: await areasOf(store, documents.units.units),
    defaultUnit: documents.units.units.find((unit) => unit.default)?.id ?? '',
    clocks: { ...deadlines, escalation, calendars },
    calendar,
    retention,
    open311: { ...file.open311, eventCodes: codes.eventCodes },
    operations: { webhook, isLost },
  };
  return { city, lost: { units: lost, operations: isLost } };
}

/** Older calendars are read when a clock that began by one is looked at, and kept: a version never changes. */
function calendarBook(timeZone: string, calendar: Documents['calendar'], version: number): CalendarBook {
  const now = calendarsOf(calendar, timeZone);
  const known = new Map<number, Calendars>([[version, now]]);
  return {
    version,
    now,
    async of(db: Kysely<Tables>, wanted: number) {
      // A clock from before there were versions.
      const asked = Math.max(1, wanted);
      const found = known.get(asked);
      if (found !== undefined) return found;
      const { document } = await versionOf(db, 'calendar', asked);
      const calendars = calendarsOf(parseDocument('calendar', document), timeZone);
      known.set(asked, calendars);
      return calendars;
    },
  };
}

function workingUnits(stored: readonly StoredUnit[], open: (ref: SecretRef) => Secret | null) {
  const lost: string[] = [];
  const units = stored.map(({ id, name, default: isDefault, classes, channel }): UnitConfig => {
    const way = workingChannel(channel, open);
    if (way === null) lost.push(id);
    return { id, name, default: isDefault, ...(classes === null ? {} : { classes: [...classes] }), ...way };
  });
  return { units, lost };
}

async function areasOf(store: Store, units: readonly StoredUnit[]): Promise<ReadonlyMap<string, Area>> {
  const areas = new Map<string, Area>();
  for (const { id, area } of units) {
    const found = area === null ? null : await findArea(store.db, area.sha256);
    if (found !== null) areas.set(id, found);
  }
  return areas;
}
