import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { sampleDetection } from '../../testing/agent.ts';
import { TestBureau } from '../../testing/bureau.ts';
import { testConfig } from '../../testing/config.ts';
import { TestCity } from '../../testing/open311-bureau.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, alertOf } from '../../testing/ticket.ts';
import { saveUnits } from '../orders/units.ts';
import { confirmAlert } from '../workflow/confirm.ts';
import { deliverDue } from './delivery.ts';

const withLogin = (url: string): string => url.replace('://', '://bureau:Geheim%2F2026@');
const BASIC = `Basic ${btoa('bureau:Geheim/2026')}`;

async function confirmed(units: object[]) {
  const { store } = await testStore();
  const config = testConfig({ units });
  await store.transaction((tx) => saveUnits(tx, config.units));
  const alert = await alertOf(store, config.alerts, sampleDetection());
  await confirmAlert(store, config, alert, {}, ACTOR);
  const said: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void said.push(line) });
  await deliverDue(store, config, log, new AbortController().signal);
  const order = await store.db.selectFrom('dispatch_outbox').selectAll().executeTakeFirstOrThrow();
  const audit = await store.db.selectFrom('audit_log').selectAll().execute();
  return { order, told: JSON.stringify([order, audit, said]) };
}

describe('a user name and password in the address of a unit’s system', () => {
  test('are sent as Basic by the webhook', async () => {
    const bureau = await TestBureau.start();
    const { unit } = bureau;
    const { order } = await confirmed([
      { ...unit, webhook: { ...unit.webhook, url: withLogin(bureau.url) } },
    ]);
    expect(bureau.orders).toMatchObject([{ genuine: true, headers: { authorization: BASIC } }]);
    expect(order.state).toBe('sent');
  });

  test('are sent as Basic to Open311', async () => {
    const city = await TestCity.start();
    const { unit } = city;
    const { order } = await confirmed([{ ...unit, open311: { ...unit.open311, url: withLogin(city.url) } }]);
    expect(order.state).toBe('sent');
    expect(city.requests).toMatchObject([{ headers: { authorization: BASIC } }]);
  });

  test('are in no log, order or audit, even when the other side repeats them', async () => {
    const bureau = await TestBureau.start();
    const { unit } = bureau;
    const url = `${withLogin(bureau.url)}?token=Streng-Geheim`;
    const echo = `no such user: ${url} (${BASIC}, ${unit.webhook.secret}, bureau, Geheim/2026)`;
    bureau.answer = { status: 401, body: echo };
    const { order, told } = await confirmed([{ ...unit, webhook: { ...unit.webhook, url } }]);
    expect(order.last_error).toMatch(/^401 no such user: http:\/\/127/);
    expect(told).not.toMatch(/Geheim/);
    expect(told).not.toContain(BASIC.slice(6));
    expect(told).not.toContain(unit.webhook.secret);
  });
});

test.each([
  ['http://bureau:Ge#heim@h/x', /webhook\.url: looks as if its password held/],
  ['http://bureau:Ge/heim@h/x', /webhook\.url: looks as if its password held/],
])('%s is refused, without the password', (url, why) => {
  const unit = { id: 'a', name: { en: 'a', zh: 'b' }, webhook: { url, secret: 'a'.repeat(32) } };
  expect(() => testConfig({ units: [unit] })).toThrow(why);
  expect(() => testConfig({ units: [unit] })).not.toThrow(/heim/);
});
