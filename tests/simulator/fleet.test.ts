/** A fleet against the gateway as it is run, and against a broker that loses answers. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  type Ack,
  agentTopics,
  MAX_EVIDENCE_BYTES,
  parseDetection,
  parseTopic,
  sha256,
  WIRE_VERSION,
} from '@roadwatch/contract';
import { Aedes } from 'aedes';
import { expect, onTestFinished, test } from 'vitest';
import { startGatewayProcess } from '../../bench/gateway/gateway-process.ts';
import { temporaryFolder } from '../support/temp.ts';

const run = promisify(execFile);
const CLI = resolve(import.meta.dirname, '../../simulator/src/cli.ts');

interface Broker {
  readonly url: string;
  readonly seen: Map<string, Buffer>;
}

/** Answers as a gateway does, except where `answersTo` says that the answer is lost. */
async function startBroker(answersTo: (topic: string) => boolean): Promise<Broker> {
  const aedes = await Aedes.createBroker();
  const seen = new Map<string, Buffer>();
  aedes.on('publish', (packet, client) => {
    const from = client === null || packet.retain ? null : parseTopic(packet.topic);
    if (from === null) return;
    const payload = Buffer.from(packet.payload);
    seen.set(packet.topic + sha256(payload), payload);
    if (!answersTo(packet.topic)) return;
    const ack: Ack = { v: WIRE_VERSION, stored: [sha256(payload)], refused: [] };
    const topic = agentTopics(from.site, from.agent).ack;
    const body = Buffer.from(JSON.stringify(ack));
    aedes.publish({ cmd: 'publish', topic, payload: body, qos: 1, dup: false, retain: false }, () => {});
  });
  const server = createServer((socket) => aedes.handle(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await new Promise<void>((closed) => aedes.close(closed));
    server.close();
  });
  const address = server.address();
  return { url: `mqtt://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, seen };
}

function fleet(url: string, ...args: string[]): Promise<{ stdout: string }> {
  return run(process.execPath, [CLI, 'fleet', '--url', url, '--json', ...args]);
}

test('every alert comes with evidence that fits it, and everything is answered for', async () => {
  const { url, seen } = await startBroker(() => true);
  const { stdout } = await fleet(
    url,
    '--agents',
    '20',
    '--alerts-per-second',
    '4',
    '--minutes',
    '0.03',
    '--backlog',
    '1',
  );
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ agents: 20, connections: 20, lost: 0, refused: 0, alertsHeldBack: 0 });
  expect(report.alerts).toBeGreaterThanOrEqual(20);
  expect(report.acknowledged).toBe(report.alerts * 4);
  const detections = [...seen]
    .filter(([topic]) => topic.includes('/detections'))
    .map(([, payload]) => payload);
  expect(detections).toHaveLength(report.alerts);
  for (const payload of detections) {
    const parsed = parseDetection(payload);
    if (!parsed.ok) throw new Error(parsed.reason);
    expect(parsed.value.evidence.map(({ kind }) => kind)).toEqual(['still', 'overlay', 'clip']);
    for (const { sha256: name, bytes } of parsed.value.evidence) {
      expect(bytes).toBeLessThan(MAX_EVIDENCE_BYTES);
      expect([...seen.keys()].some((key) => key.endsWith(name))).toBe(true);
    }
  }
});

test('what is never answered is counted as lost, and said', async () => {
  const { url } = await startBroker((topic) => !topic.includes('fleet-2/'));
  const args = ['--agents', '2', '--alerts-per-second', '0', '--minutes', '0.01', '--evidence', 'none'];
  await expect(fleet(url, ...args, '--backlog', '3', '--drain', '1')).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"acknowledged":3,"refused":0,"lost":3'),
    stderr: 'simulate: 3 messages were never answered\n',
  });
});

test('the gateway stores each alert of a fleet once, also when every line is cut on the way', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `fleet-${i + 1}`);
  const gateway = await startGatewayProcess(names);
  onTestFinished(() => gateway.stop());
  const file = join(await temporaryFolder(), 'logins');
  await writeFile(file, names.map((name) => `bench/${name} ${gateway.passwords.get(name)}\n`).join(''));
  const args = ['--logins', file, '--agents', '10', '--alerts-per-second', '10', '--minutes', '0.1'];
  const { stdout } = await fleet(gateway.mqttUrl, ...args, '--evidence', 'stills', '--cut-at', '3');
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ lost: 0, refused: 0, connections: 20 });
  const stored = await gateway.store.db
    .selectFrom('detections')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  expect(Number(stored.count)).toBe(report.alerts);
});

test.each([
  ['an address that is none', ['--url', 'nowhere'], /Expected an address such as mqtt/],
  ['no broker there', ['--url', 'mqtt://127.0.0.1:1', '--agents', '1'], /fleet\/fleet-1: .*ECONNREFUSED/],
  ['logins that are not there', ['--logins', '/nowhere'], /--logins: ENOENT/],
])('%s is refused in one line', async (_, args, reason) => {
  await expect(run(process.execPath, [CLI, 'fleet', '--evidence', 'none', ...args])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(reason),
  });
});
