import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@roadwatch/contract';
import { expect, onTestFinished, test } from 'vitest';
import { sampleDetection } from '../../testing/agent.ts';
import { testConfig } from '../../testing/config.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, alertOf, person, QUIET } from '../../testing/ticket.ts';
import { rejectAlert } from '../alerts/verdicts.ts';
import { dispatchDue } from '../dispatch/desk.ts';
import { folderEvidenceStore } from '../evidence/store.ts';
import { saveUnits } from '../orders/units.ts';
import { verifyAudit } from '../store/audit/verify.ts';
import { commandTicket } from '../workflow/commands.ts';
import { confirmAlert } from '../workflow/confirm.ts';
import { purgeEvidence, purgeMessages } from './purge.ts';

const DAY = 86_400_000;

async function city() {
  const { store, time } = await testStore();
  const config = testConfig({ retention: { evidenceDays: 365, rejectedDays: 30, refusedDays: 10 } });
  await store.transaction((tx) => saveUnits(tx, config.units));
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-retention-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const evidence = folderEvidenceStore(folder);
  const keep = async (text: string): Promise<string> => {
    const name = sha256(text);
    await evidence.put(name, Buffer.from(text));
    const row = { sha256: name, content_type: 'image/jpeg', bytes: text.length, stored_at: time.now };
    await store.transaction((tx) => tx.db.insertInto('evidence').values(row).execute());
    return name;
  };
  const alert = async (camera: string) => {
    const name = await keep(camera);
    const capturedAt = '2026-11-23T08:15:30.250Z';
    const still = {
      name: 'still.jpg',
      kind: 'still',
      contentType: 'image/jpeg',
      sha256: name,
      bytes: 1,
      capturedAt,
    } as const;
    return { name, id: await alertOf(store, config.alerts, sampleDetection({ camera, evidence: [still] })) };
  };
  const purge = async () => {
    await purgeEvidence(store, evidence, config.retention, QUIET);
    await purgeMessages(store, config.retention);
  };
  const has = async (name: string) => (await evidence.get(name)) !== null;
  return { store, time, config, alert, keep, purge, has };
}

test('pictures of rejected alerts go after their time, those of undecided ones never', async () => {
  const { store, time, alert, purge, has } = await city();
  const rejected = await alert('a');
  await rejectAlert(store, rejected.id, { reason: 'marking' }, ACTOR);
  const waiting = await alert('b');
  time.pass(30 * DAY);
  await purge();
  expect(await has(rejected.name)).toBe(true);
  time.pass(1);
  await purge();
  expect(await has(rejected.name)).toBe(false);
  time.pass(4000 * DAY);
  await purge();
  expect(await has(waiting.name)).toBe(true);
});

test('an open ticket holds its evidence, its photographs and the looks after the repair; a closed one for its time', async () => {
  const { store, time, config, alert, keep, purge, has } = await city();
  const damage = await alert('a');
  const { id } = await confirmAlert(store, config, damage.id, {}, ACTOR);
  await dispatchDue(store, config, QUIET);
  const [photo, look] = [await keep('photo'), await keep('look')];
  await store.transaction(async (tx) => {
    const place = { latitude: null, longitude: null, accuracy_m: null };
    const row = {
      id: '1',
      ticket_id: id,
      assignment_id: '1',
      step: 'repair',
      sha256: photo,
      taken_at: tx.at,
    };
    await tx.db
      .insertInto('ticket_photos')
      .values({ ...row, ...place })
      .execute();
  });
  const give = (command: 'arrive' | 'repair' | 'close') =>
    commandTicket(store, config, id, { command, reason: 'ok', outcome: 'repaired' }, person('admin'), ACTOR);
  await give('arrive');
  await give('repair');
  await store.transaction((tx) =>
    tx.db
      .updateTable('inspections')
      .set({ evidence: JSON.stringify([{ sha256: look }]) })
      .execute(),
  );
  time.pass(4000 * DAY);
  await purge();
  for (const name of [damage.name, photo, look]) expect(await has(name)).toBe(true);
  await give('close');
  await purge();
  for (const name of [damage.name, photo, look]) expect(await has(name)).toBe(false);
});

test('what an evidence store that was down still holds is deleted by the next purge, and what came anew is kept', async () => {
  const { store, time, config, keep, purge, has } = await city();
  const [gone, anew] = [await keep('gone'), await keep('anew')];
  time.pass(366 * DAY);
  const down = {
    put: async () => {},
    get: async () => null,
    delete: async () => Promise.reject(new Error('the store is down')),
  };
  await expect(purgeEvidence(store, down, config.retention, QUIET)).rejects.toThrow('down');
  await keep('anew');
  expect(await has(gone)).toBe(true);
  await purge();
  expect(await has(gone)).toBe(false);
  expect(await has(anew)).toBe(true);
});

test('each deletion is in the audit, which stays whole', async () => {
  const { store, time, keep, purge } = await city();
  const name = await keep('nobody asks for it');
  time.pass(366 * DAY);
  await purge();
  const entries = await store.db
    .selectFrom('audit_log')
    .selectAll()
    .where('action', '=', 'evidence.purged')
    .execute();
  expect(entries).toMatchObject([{ subject: `evidence:${name}`, before: '{"bytes":18}' }]);
  expect(await verifyAudit(store)).toMatchObject({ ok: true });
});
