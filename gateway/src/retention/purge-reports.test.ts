import { expect, test } from 'vitest';
import { testConfig } from '../../testing/config.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, person } from '../../testing/ticket.ts';
import { raiseReport } from '../alerts/citizen-report.ts';
import { rejectAlert } from '../alerts/verdicts.ts';
import { saveUnits } from '../orders/units.ts';
import { verifyAudit } from '../store/audit/verify.ts';
import { commandTicket } from '../workflow/commands.ts';
import { confirmAlert } from '../workflow/confirm.ts';
import { purgeReports } from './purge-reports.ts';

const DAY = 86_400_000;
const WORDS = { description: 'Call me: 13800000000', address: 'My house', mediaUrls: ['https://x.org/1'] };

async function city() {
  const { store, time } = await testStore();
  const config = testConfig({ retention: { evidenceDays: 365, rejectedDays: 30 } });
  await store.transaction((tx) => saveUnits(tx, config.units));
  const from = {
    tokenId: 'token',
    idempotencyKey: null,
    actor: ACTOR,
    timeZone: 'UTC',
    rule: config.alerts,
  };
  const report = async () => {
    const said = { damageClass: 'pothole', position: null, attributes: { hazard: 'yes' }, ...WORDS } as const;
    return (await store.transaction((tx) => raiseReport(tx, said, from))).alert_id;
  };
  const everything = async () =>
    JSON.stringify([
      await store.db.selectFrom('citizen_reports').selectAll().execute(),
      await store.db.selectFrom('tickets').select('note').execute(),
      await store.db.selectFrom('audit_log').selectAll().execute(),
    ]);
  return { store, time, config, report, everything, purge: () => purgeReports(store, config.retention) };
}

test('the words of a rejected report go after their time, and nothing else of it', async () => {
  const { store, time, report, everything, purge } = await city();
  const id = await report();
  await rejectAlert(store, id, { reason: 'marking' }, ACTOR);
  time.pass(30 * DAY - 1);
  expect(await purge()).toBe(0);
  time.pass(1);
  expect(await purge()).toBe(1);
  expect(await purge()).toBe(0);
  expect(await everything()).not.toMatch(/13800000000|My house|x\.org/);
  const row = store.db.selectFrom('citizen_reports').selectAll().where('alert_id', '=', id);
  expect(await row.executeTakeFirst()).toMatchObject({ attributes: '{"hazard":"yes"}', description: null });
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});

test('those of a closed ticket go with its note, unless an operator wrote it; those of what is open stay', async () => {
  const { store, time, config, report, everything, purge } = await city();
  const waiting = await report();
  const tickets = [
    await confirmAlert(store, config, await report(), {}, ACTOR),
    await confirmAlert(store, config, await report(), { note: 'deep' }, ACTOR),
  ];
  time.pass(364 * DAY);
  for (const { id } of tickets)
    await commandTicket(store, config, id, { command: 'cancel', reason: 'old' }, person('operator'), ACTOR);
  expect(await purge()).toBe(0);
  time.pass(DAY);
  expect(await purge()).toBe(2);
  const notes = await store.db.selectFrom('tickets').select('note').orderBy('number').execute();
  expect(notes).toEqual([{ note: null }, { note: 'deep' }]);
  const kept = await store.db
    .selectFrom('citizen_reports')
    .select('alert_id')
    .where('description', 'is not', null)
    .execute();
  expect(kept).toEqual([{ alert_id: waiting }]);
  expect(await everything()).toContain('My house');
});
