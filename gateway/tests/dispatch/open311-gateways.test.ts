/** One gateway hands its tickets to another, which runs in a process of its own, by Open311. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createToken } from '../../src/identity/tokens.ts';
import { saveUser } from '../../src/identity/users.ts';
import { openStore } from '../../src/main.ts';
import { PASSWORD, testGateway } from '../../testing/gateway.ts';
import { TestOperator } from '../../testing/operator.ts';
import { GatewayChild } from '../../testing/process.ts';
import { newStoreUrl } from '../../testing/store.ts';

const CLI = { name: 'system', channel: 'cli' };

/** The bureau's gateway, with somebody at its console and a token for the city. */
async function startBureau() {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-bureau-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'gateway.yaml');
  const url = await newStoreUrl();
  const settings = {
    dataDir: 'data',
    http: { port: 0 },
    broker: { port: 0 },
    store: url === undefined ? {} : { url },
    dispatch: { recallSeconds: 0 },
    open311: { enabled: true, jurisdictionId: 'bureau' },
  };
  writeFileSync(file, JSON.stringify(settings));
  const store = await openStore(readConfig(file), pino({ level: 'silent' }));
  const chief = { username: 'chief', password: PASSWORD, role: 'admin', unitId: null } as const;
  await saveUser(store, chief, CLI);
  const wanted = { name: 'city', scopes: ['requests:write'], expiresAt: Date.now() + 3_600_000 } as const;
  const { token } = await createToken(store, wanted, CLI);
  await store.close();
  const child = new GatewayChild(file);
  onTestFinished(() => child.end('SIGTERM'));
  expect(await child.start()).toBe(true);
  return { child, token, chief: await TestOperator.login(child.url, 'chief', PASSWORD) };
}

async function cityAndBureau(format: 'json' | 'xml') {
  const bureau = await startBureau();
  const open311 = {
    url: new URL('/open311/v2', bureau.child.url).href,
    apiKey: bureau.token,
    jurisdictionId: 'bureau',
    format,
    pollSeconds: 0.2,
  };
  const unit = { id: 'bureau', name: { en: 'Bureau', zh: '城管局' }, default: true, open311 };
  const city = await testGateway({ units: [unit] });
  const agent = await city.agent();
  await agent.report({ position: { latitude: 30.2084, longitude: 120.2119 } });
  const operator = await city.operator();
  const path = await operator.dispatch({ note: 'deep' });
  const state = (wanted: string) => operator.until(path, (ticket) => ticket.state === wanted);
  return { ...bureau, operator, path, state };
}

test("the bureau's queue has it, and every step of its crew shows at the city", async () => {
  const { chief, operator, path, state } = await cityAndBureau('json');
  const { number } = (await operator.get(path)).body;
  const [alert] = (await chief.get('/api/alerts?state=new')).body.items;
  expect(alert).toMatchObject({
    source: 'citizen',
    position: { latitude: 30.2084, longitude: 120.2119 },
    report: { description: expect.stringContaining(`${number} Pothole`) },
  });
  expect((await operator.get(path)).body.remote).toMatchObject({ number: alert.report.number });
  const there = await chief.dispatch();
  for (const [command, shown] of [
    ['accept', 'accepted'],
    ['arrive', 'on_site'],
    ['make_safe', 'made_safe'],
    ['repair', 'repaired'],
  ] as const) {
    expect((await chief.post(`${there}/transitions`, { command })).status).toBe(200);
    await state(shown);
  }
  const { history } = (await operator.get(path)).body;
  expect(history.at(-1)).toMatchObject({ actor: 'unit:bureau', channel: 'open311', action: 'ticket.repair' });
});

test('what the bureau rejects comes back to the city with the reason, in XML', async () => {
  const { chief, operator, path, state } = await cityAndBureau('xml');
  const [alert] = (await chief.get('/api/alerts?state=new')).body.items;
  await chief.post(`/api/alerts/${alert.id}/reject`, { reason: 'manhole_or_patch' });
  await state('returned');
  const { history } = (await operator.get(path)).body;
  expect(history.at(-1).detail.reason).toMatch(/^CR-\d{8}-000001: .*井盖/);
});
