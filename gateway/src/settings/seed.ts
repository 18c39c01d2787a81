/**
 * What a file says of the city, taken over once into a store that has no settings of its own yet. From then on the store counts,
 * and what is changed in the file later is told, since it has no effect.
 */
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { saveUnits } from '../orders/units.ts';
import type { Store, Tx } from '../store/database.ts';
import { areaName, keepArea, type Rings } from './areas.ts';
import { keepChannel, type PlainChannel, plainChannel, shownChannel } from './channels.ts';
import { differencesOf } from './difference.ts';
import {
  type Documents,
  parseDocument,
  SETTINGS_SECTIONS,
  type SettingsSection,
  type StoredUnit,
  withoutSecrets,
} from './documents.ts';
import { keepOperations, shownOperations } from './operations.ts';
import { addVersion, headsOf, versionOf } from './versions.ts';

const AUTHOR = 'system';

interface PlainUnit extends Omit<StoredUnit, 'area' | 'channel'> {
  readonly area: readonly Rings[] | null;
  readonly channel: PlainChannel;
}

/** For the sections that the store has no version of; several gateways may start at the same time. */
export async function seedSettings(store: Store, file: Config, log: Logger): Promise<void> {
  const taken = await store.transaction(async (tx) => {
    const heads = await headsOf(tx.db);
    const missing = SETTINGS_SECTIONS.filter((section) => !heads.has(section));
    if (missing.length === 0) return missing;
    for (const section of missing) {
      const document = JSON.stringify(await keptOf(tx, file, section));
      await addVersion(tx, { section, version: 1, author: AUTHOR, undo_of: null, document });
      const entry = { actor: AUTHOR, channel: 'gateway', action: 'settings.taken_over' } as const;
      tx.audit({ ...entry, subject: `settings:${section}`, after: { version: 1 } });
    }
    if (missing.includes('units')) await saveUnits(tx, file.units);
    return missing;
  });
  if (taken.length > 0) log.info({ sections: taken }, 'settings taken over from the file into the store');
  const outdated = await changedSince(store, file);
  if (outdated.length > 0)
    log.warn(
      { sections: outdated },
      'the file says otherwise than when its settings were taken over; it has no effect, the console has them',
    );
}

/** The sections of which the file says otherwise than the version that was taken over from it. */
async function changedSince(store: Store, file: Config): Promise<readonly string[]> {
  const now = {
    ...documentsOf(file),
    units: { units: unitsOf(file).map(shownUnit) },
    operations: shownOperations(file.operations),
  };
  const outdated: string[] = [];
  for (const section of SETTINGS_SECTIONS) {
    const first = await versionOf(store.db, section, 1);
    const then = withoutSecrets(section, parseDocument(section, first.document));
    if (differencesOf(then, now[section]).changes.length > 0) outdated.push(section);
  }
  return outdated;
}

/** With its secrets sealed. */
async function keptOf(tx: Tx, file: Config, section: SettingsSection): Promise<object> {
  if (section === 'units') return { units: await keepUnits(tx, unitsOf(file)) };
  if (section === 'operations') return keepOperations(tx, file.operations);
  return documentsOf(file)[section];
}

function documentsOf({
  clocks,
  calendar,
  retention,
  open311,
}: Config): Omit<Documents, 'units' | 'operations'> {
  const { escalation, calendars: _, ...deadlines } = clocks;
  return {
    calendar,
    deadlines,
    escalation,
    retention,
    codes: { eventCodes: open311.eventCodes },
  };
}

function unitsOf({ units, areas, defaultUnit }: Config): readonly PlainUnit[] {
  return units.map((unit) => ({
    id: unit.id,
    name: unit.name,
    default: unit.id === defaultUnit,
    classes: unit.classes ?? null,
    area: areas.get(unit.id)?.map(({ rings }) => rings) ?? null,
    contacts: [],
    channel: plainChannel(unit),
  }));
}

async function keepUnits(tx: Tx, units: readonly PlainUnit[]): Promise<readonly StoredUnit[]> {
  const kept: StoredUnit[] = [];
  for (const { area, channel, ...unit } of units)
    kept.push({
      ...unit,
      area: area === null ? null : await keepArea(tx, area),
      channel: await keepChannel(tx, channel),
    });
  return kept;
}

function shownUnit({ area, channel, ...unit }: PlainUnit) {
  return { ...unit, area: area === null ? null : areaName(area), channel: shownChannel(channel) };
}
