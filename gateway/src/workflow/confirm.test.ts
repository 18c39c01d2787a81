import { expect, test } from 'vitest';
import { sampleDetection } from '../../testing/agent.ts';
import { testConfig } from '../../testing/config.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, alertOf } from '../../testing/ticket.ts';
import { shelveAlert } from '../alerts/verdicts.ts';
import { saveUnits } from '../orders/units.ts';
import { confirmAlert, undoVerdict } from './confirm.ts';

test('a confirmed alert keeps nothing of the shelf that it came from, and what is taken back keeps nothing at all', async () => {
  const { store, time } = await testStore();
  const config = testConfig({ dispatch: { recallSeconds: 60 } });
  await store.transaction((tx) => saveUnits(tx, config.units));
  const id = await alertOf(store, config.alerts, sampleDetection());
  const alert = () =>
    store.db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  await shelveAlert(store, id, { until: time.now + 1000, reason: 'rain' }, ACTOR);
  expect(await alert()).toMatchObject({ state: 'shelved', reason: 'rain', shelved_until: time.now + 1000 });
  const ticket = await confirmAlert(store, config, id, {}, ACTOR);
  expect(await alert()).toMatchObject({
    state: 'confirmed',
    ticket_id: ticket.id,
    reason: null,
    shelved_until: null,
  });
  await undoVerdict(store, config, id, ACTOR);
  expect(await alert()).toMatchObject({ state: 'new', ticket_id: null, verdict_by: null, verdict_at: null });
});
