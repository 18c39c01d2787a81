import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { KeyRing } from '../src/store/audit/key-ring.ts';
import { verifyAudit } from '../src/store/audit/verify.ts';
import { sampleDetection } from '../testing/agent.ts';
import { testGateway } from '../testing/gateway.ts';
import { startPostgres } from '../testing/postgres.ts';

const PATH = `${process.env.PATH}:/usr/sbin`;

/** A mosquitto for anybody on this machine; resolves once it takes connections. */
async function startMosquitto(): Promise<{ url: string; client: MqttClient }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-mosquitto-'));
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`);
  const child = spawn('mosquitto', ['-c', file], { stdio: 'ignore', env: { ...process.env, PATH } });
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  });
  const url = `mqtt://127.0.0.1:${port}`;
  for (;;) {
    const client = await connectAsync(url, { reconnectPeriod: 0 }).catch(() => null);
    if (client !== null) {
      onTestFinished(() => client.endAsync(true));
      return { url, client };
    }
    await delay(50);
  }
}

test('two gateways on one PostgreSQL and one mosquitto give the same result as one', async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const store = { url: await server.create('shared') };
  const { url, client } = await startMosquitto();
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const keyFile = join(folder, 'audit-key');
  new KeyRing(keyFile, true).add(1);
  const settings = { store, broker: { url, shareGroup: 'gateways' }, audit: { keyFile } };
  const gateways = [await testGateway(settings), await testGateway(settings)];
  const metrics = () =>
    Promise.all(gateways.map(async (gateway) => (await fetch(new URL('/metrics', gateway.url))).text()));
  while (!(await metrics()).every((text) => /^roadwatch_broker_connected 1$/m.test(text))) await delay(50);
  const detections = Array.from({ length: 400 }, (_, n) => sampleDetection({ camera: `camera-${n % 20}` }));
  // Everything twice, the second time backwards.
  await Promise.all(
    [...detections, ...detections.toReversed()].map((detection) =>
      client.publishAsync(
        `roadwatch/v1/binjiang/edge-1/cameras/${detection.camera}/detections`,
        JSON.stringify(detection),
        { qos: 1 },
      ),
    ),
  );
  const share = (texts: readonly string[]) =>
    texts.map((text) => Number(/^roadwatch_messages_total\{outcome="stored"\} (\d+)$/m.exec(text)?.[1] ?? 0));
  while (share(await metrics()).reduce((sum, count) => sum + count, 0) < 800) await delay(100);
  for (const count of share(await metrics())) expect(count).toBeGreaterThan(0);
  for (const gateway of gateways) {
    const operator = await gateway.operator();
    const { items } = (await operator.get('/api/alerts?limit=200')).body;
    expect(items.map((alert: { count: number }) => alert.count)).toEqual(Array(20).fill(20));
    expect(await verifyAudit(await gateway.store())).toMatchObject({ ok: true, unsealed: 0, unchecked: 0 });
  }
  const without = testGateway({ store, broker: settings.broker });
  await expect(without).rejects.toThrow(/is sealed with the key .* audit\.keyFile|audit-key is not there/);
});
