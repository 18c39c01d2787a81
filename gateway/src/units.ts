/** The units of the configuration, kept in the store so that tickets can name one that is no longer configured. */
import type { UnitConfig } from './config/config.ts';
import type { Store } from './store/database.ts';

export async function saveUnits(store: Store, units: readonly UnitConfig[]): Promise<void> {
  await store.transaction(async (tx) => {
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
  });
}
