/**
 * The city's units: which one a ticket goes to, and their names in the store, so that a ticket can name one that is
 * no longer configured.
 */

import type { AlertFacts } from '@roadwatch/contract/api';
import type { Config } from '../config/config.ts';
import type { UnitConfig } from '../config/units.ts';
import { areaContains } from '../geo/area.ts';
import { Refusal } from '../refusal.ts';
import type { Tx } from '../store/database.ts';
import type { AlertRow } from '../store/tables/alerts.ts';

/** In the transaction that changes them. */
export async function saveUnits(tx: Tx, units: readonly Pick<UnitConfig, 'id' | 'name'>[]): Promise<void> {
  const ids = units.map((unit) => unit.id);
  for (const { id, name } of units) {
    const row = { name_en: name.en, name_zh: name.zh, retired_at: null };
    await tx.db
      .insertInto('units')
      .values({ id, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }
  await tx.db
    .updateTable('units')
    .set({ retired_at: tx.at })
    .where('id', 'not in', ids)
    .where('retired_at', 'is', null)
    .execute();
}

/**
 * The unit that looks after damage of this class at this place: one of the area and the class before one of the area, that before
 * one of the class, the first in the file among equals. Nobody's damage, and what has no place, is the default unit's.
 */
export function unitFor(
  { units, areas, defaultUnit }: Pick<Config, 'units' | 'areas' | 'defaultUnit'>,
  alert: Pick<AlertRow, 'damage_class' | 'latitude' | 'longitude'>,
): string {
  const { latitude, longitude, damage_class: name } = alert;
  let best = { id: defaultUnit, rank: 0 };
  for (const { id, classes } of units) {
    const area = areas.get(id);
    if (classes !== undefined && !classes.includes(name)) continue;
    if (area !== undefined && (latitude === null || longitude === null)) continue;
    if (
      area !== undefined &&
      !areaContains(area, { latitude: latitude as number, longitude: longitude as number })
    )
      continue;
    const rank = (area === undefined ? 0 : 2) + (classes === undefined ? 0 : 1);
    if (rank > best.rank) best = { id, rank };
  }
  return best.id;
}

/** As `unitFor`, of an alert as the interface has it. */
export function unitOfAlert(
  config: Parameters<typeof unitFor>[0],
  { damageClass, position }: Pick<AlertFacts, 'damageClass' | 'position'>,
): string {
  const { latitude = null, longitude = null } = position ?? {};
  return unitFor(config, { damage_class: damageClass, latitude, longitude });
}

/** Throws Refusal unless there is such a unit and it has not been retired. */
export async function checkUnit(tx: Tx, unitId: string): Promise<void> {
  const unit = tx.db
    .selectFrom('units')
    .select('id')
    .where('id', '=', unitId)
    .where('retired_at', 'is', null);
  if ((await unit.executeTakeFirst()) === undefined)
    throw new Refusal('unit_unknown', `unitId: there is no unit ${JSON.stringify(unitId)}`);
}
