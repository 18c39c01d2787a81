import { expect, test } from 'vitest';
import { TestBureau } from '../../gateway/testing/bureau.ts';
import { testGateway } from '../../gateway/testing/gateway.ts';
import { HAS_PYTHON, runPython } from '../support/python.ts';

const KEY = Buffer.alloc(32, 'key of the bureau').toString('base64');

/** The official library in JavaScript is asked in gateway/src/config/webhook-secret.test.ts. */
interface Verdicts {
  readonly verdicts: readonly string[];
}

test.skipIf(!HAS_PYTHON)(
  'the official library in Python takes what maintainers are told, a test and a fault alike',
  async () => {
    const bureau = await TestBureau.start();
    const { url, secret } = bureau.unit.webhook;
    const gateway = await testGateway({ operations: { webhook: { url, secret } } });
    const admin = await gateway.operator('admin');
    expect((await admin.post('/api/settings/operations/test')).body.outcome).toBe('delivered');
    await (await gateway.store()).transaction((tx) =>
      tx.db
        .insertInto('incidents')
        .values({
          ...{ id: 'one', site: 'binjiang', agent: 'edge-1', camera: 'cam-1', code: 'covered', detail: '' },
          ...{ began_at: tx.at - 120_000, ended_at: null, told_at: null, told_end_at: null },
          ...{ good_sha256: null, good_at: null, fault_sha256: null, fault_at: null },
        })
        .execute(),
    );
    const calls = (await bureau.received(2)).map(({ headers, text }) => ({ headers, body: text }));
    const update = {};
    const { verdicts } = (await runPython('webhooks.py', { secret, calls, update })) as Verdicts;
    expect(verdicts).toEqual(['verified', 'verified']);
    expect(bureau.orders.map(({ body }) => body.type)).toEqual(['operations.test', 'camera.fault']);
  },
);

test.skipIf(!HAS_PYTHON).each([
  ['whsec_ and base64', `whsec_${KEY}`],
  ['base64', KEY],
])('the official library in Python takes our orders, and we what it signs: %s', async (_name, secret) => {
  const bureau = await TestBureau.start(secret);
  const gateway = await testGateway({ units: [bureau.unit] });
  await (await gateway.agent()).report();
  const operator = await gateway.operator();
  const path = await operator.dispatch();
  const { number } = (await operator.get(path)).body;
  const calls = bureau.orders.map(({ headers, text }) => ({ headers, body: text }));
  const update = { ticket: number, command: 'accept' };
  const python = (await runPython('webhooks.py', { secret, calls, update })) as Verdicts & {
    readonly body: string;
    readonly headers: Record<string, string>;
  };
  expect(python.verdicts).toEqual(['verified']);
  const answer = await fetch(new URL('/api/units/bureau/updates', gateway.url), {
    method: 'POST',
    headers: { ...python.headers, 'content-type': 'application/json' },
    body: python.body,
  });
  expect(answer.status).toBe(204);
  expect((await operator.get(path)).body.state).toBe('accepted');
});
