/** An order that is about to be sent to a mailbox. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Smtp } from '../src/config/mail.ts';
import { deliverDue } from '../src/dispatch/delivery.ts';
import { createMailer } from '../src/dispatch/mail/mail.ts';
import { saveUnits } from '../src/orders/units.ts';
import { confirmAlert } from '../src/workflow/confirm.ts';
import { sampleDetection } from './agent.ts';
import { makeCertificate } from './certificate.ts';
import { testConfig } from './config.ts';
import type { TestMailbox } from './mailbox.ts';
import { testStore } from './store.ts';
import { ACTOR, alertOf } from './ticket.ts';

export async function confirmed(mailbox: TestMailbox, settings: object = {}, note = 'deep') {
  const { store, time } = await testStore();
  const config = testConfig({
    units: [mailbox.unit],
    smtp: mailbox.smtp,
    http: { port: 0, publicUrl: PUBLIC },
    ...settings,
  });
  await store.transaction((tx) => saveUnits(tx, config.units));
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => void lines.push(line) });
  const stopping = new AbortController();
  const parts = { store, config, evidence: { get: async () => null }, log };
  const mailer = createMailer(config.smtp as Smtp, parts);
  const deliver = () => deliverDue(store, config, log, stopping.signal, mailer);
  const alert = await alertOf(store, config.alerts, sampleDetection());
  const { id } = await confirmAlert(store, config, alert, { note }, ACTOR);
  const order = () =>
    store.db.selectFrom('dispatch_outbox').selectAll().orderBy('id').executeTakeFirstOrThrow();
  const state = async () =>
    (await store.db.selectFrom('tickets').select('state').where('id', '=', id).executeTakeFirstOrThrow())
      .state;
  return { store, time, config, alert, id, deliver, order, state, lines, stopping };
}

export function certificate() {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-mail-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return makeCertificate(folder);
}

export const read = ({ cert, key }: ReturnType<typeof certificate>) => ({
  cert: readFileSync(cert),
  key: readFileSync(key),
});

export const PUBLIC = 'https://roadwatch.city.test';
