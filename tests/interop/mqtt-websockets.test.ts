/** A box that gets out by HTTP alone: MQTT over WebSockets, behind a real nginx and Caddy, and through a proxy of its own network. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createPlainServer } from 'node:net';
import { join } from 'node:path';
import { agentTopics } from '@roadwatch/contract';
import { Aedes } from 'aedes';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { parseConfig } from '../../agent/src/config/config.ts';
import { Uplink } from '../../agent/src/uplink/mqtt.ts';
import { Outbox } from '../../agent/src/uplink/outbox.ts';
import { testDayBudget } from '../../agent/testing/day-budget.ts';
import { testStore } from '../../agent/testing/store.ts';
import { Bell, gatewayAt } from '../agent/support/gateway-at.ts';
import { temporaryFolder } from '../support/temp.ts';
import { freePort, type ProxyKind, startProxy } from './support/proxy.ts';

const PATIENCE_MS = 60_000;

/** Listens for MQTT, and for MQTT over WebSockets. */
async function startBroker(): Promise<{ readonly port: number; readonly websockets: number }> {
  const aedes = await Aedes.createBroker();
  const server = createPlainServer((socket) => aedes.handle(socket));
  server.listen(0, '127.0.0.1');
  const websockets = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'mqtt' });
  websockets.on('connection', (socket) => aedes.handle(createWebSocketStream(socket)));
  await Promise.all([once(server, 'listening'), once(websockets, 'listening')]);
  onTestFinished(async () => {
    await new Promise<void>((resolve) => aedes.close(resolve));
    for (const client of websockets.clients) client.terminate();
    websockets.close();
    server.close();
  });
  const portOf = (address: unknown): number => (address as AddressInfo).port;
  return { port: portOf(server.address()), websockets: portOf(websockets.address()) };
}

/** Of the box's own network: lets out whoever logs in, by tunnels only. */
async function startTunnels(login: string) {
  const tunnels: string[] = [];
  const refused: string[] = [];
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, socket, head) => {
    const to = String(request.url);
    if (request.headers['proxy-authorization'] !== `Basic ${Buffer.from(login).toString('base64')}`) {
      refused.push(to);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    tunnels.push(to);
    const [host = '', port] = to.split(':');
    const out = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      out.write(head);
      out.pipe(socket).pipe(out);
    });
    for (const end of [socket, out]) end.on('error', () => {});
    socket.on('close', () => out.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels, refused };
}

/** Sends one detection; resolves when the gateway has it, or when the box says why it is not connected. */
async function send(mqtt: object, folder: string, port: number): Promise<readonly string[]> {
  const config = parseConfig(
    JSON.stringify({
      ...{ site: 'site', agent: 'box', dataDir: '/nonexistent', mqtt },
      cameras: [{ id: 'camera-1', name: { en: 'One', zh: '一' }, url: 'rtsp://127.0.0.1/1' }],
    }),
    join(folder, 'agent.yaml'),
  );
  const bell = new Bell();
  const stored = new Map<string, string[]>();
  await gatewayAt(port, stored, bell);
  const outbox = new Outbox(testStore(await temporaryFolder()), { maxBytes: 2 ** 24 });
  const topic = agentTopics('site', 'box').detections('camera-1');
  outbox.atomically(() => outbox.add({ topic, payload: Buffer.from('seen'), kind: 'detection' }, 1));
  const failures: string[] = [];
  const write = (line: string): void => {
    const { msg, reason } = JSON.parse(line) as { msg: string; reason: string };
    if (msg === 'broker not connected') failures.push(reason);
    bell.ring();
  };
  const none = (): void => {};
  const uplink = new Uplink(
    config,
    { outbox, budget: testDayBudget(await temporaryFolder()) },
    {
      ...{ onConnected: none, onCommand: none, onGatewayTime: none, onPublished: none, onRefused: none },
      status: (state) => ({ state }),
      onStored: () => bell.ring(),
    },
    pino({ base: null }, { write }),
  );
  onTestFinished(() => uplink.stop());
  uplink.start();
  await bell.until(() => outbox.depth === 0 || failures.length > 0);
  await uplink.stop();
  return outbox.depth === 0 ? [...stored.values()].flat() : failures;
}

test.each<[ProxyKind]>([['nginx'], ['caddy']])(
  'behind %s the broker is reached by wss, also through a proxy that wants a login',
  async (kind) => {
    const { port, websockets } = await startBroker();
    const at = await freePort();
    const ca = await startProxy(kind, {
      port: at,
      gateway: '127.0.0.1:9',
      broker: `127.0.0.1:${websockets}`,
    });
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'ca.pem'), ca);
    await writeFile(join(folder, 'proxy-password'), 'p@ss:word\n');
    const url = `wss://127.0.0.1:${at}/mqtt`;
    expect(await send({ url, caFile: 'ca.pem' }, folder, port)).toEqual(['seen']);

    const tunnels = await startTunnels('box:p@ss:word');
    const login = { proxyUsername: 'box', proxyPasswordFile: 'proxy-password' };
    expect(await send({ url, caFile: 'ca.pem', proxy: tunnels.url, ...login }, folder, port)).toEqual([
      'seen',
    ]);
    expect(new Set(tunnels.tunnels)).toEqual(new Set([`127.0.0.1:${at}`]));

    const wrong = { ...login, proxyPasswordFile: undefined, proxyPassword: 'wrong' };
    const [reason] = await send({ url, caFile: 'ca.pem', proxy: tunnels.url, ...wrong }, folder, port);
    expect(reason).toContain('407');
    expect(reason).not.toContain('wrong');
    expect(tunnels.refused.length).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);

test('ws without encryption goes through a proxy by a tunnel, too', async () => {
  const { port, websockets } = await startBroker();
  const tunnels = await startTunnels('box:word');
  const proxy = tunnels.url.replace('//', '//box:word@');
  const url = `ws://127.0.0.1:${websockets}/mqtt`;
  expect(await send({ url, proxy }, await temporaryFolder(), port)).toEqual(['seen']);
  expect(new Set(tunnels.tunnels)).toEqual(new Set([`127.0.0.1:${websockets}`]));
});
