/** A camera's pictures stop when whoever sends or watches them may no more, also when they do not answer. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { AgentCommands } from '../agents/commands.ts';
import { LiveRelay } from './relay.ts';

const CAMERA = { site: 'binjiang', agent: 'edge-1', camera: 'a' };

/** Resolves with the gateway's end and the other one. */
async function pairOf(server: WebSocketServer): Promise<[WebSocket, WebSocket]> {
  const came = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => client.terminate());
  const [socket] = await came;
  await once(client, 'open');
  return [socket, client];
}

test('a shut-out agent that ignores the goodbye is cut off, and what it still sends reaches nobody', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  onTestFinished(() => server.close());
  const told: { command: { url?: string; token?: string } }[] = [];
  const commands = new AgentCommands(() => {});
  commands.ask = async (_agent, command) => {
    told.push({ command } as never);
    return {} as never;
  };
  const relay = new LiveRelay(commands, () => 'ws://gateway', pino({ level: 'silent' }));
  onTestFinished(() => relay.stop());
  const { session } = await relay.open(CAMERA, []);
  const [agent, box] = await pairOf(server);
  const [viewer, browser] = await pairOf(server);
  relay.attach(session, told[0]?.command.token ?? '', agent);
  relay.watch(session, viewer);
  const seen: string[] = [];
  browser.on('message', (data) => seen.push(String(data)));
  box.send(Buffer.from('allowed'));
  await once(browser, 'message');
  box.pause();
  browser.pause();
  const ends = Promise.all([once(agent, 'close'), once(viewer, 'close')]);
  relay.shutOut({ site: CAMERA.site, agent: CAMERA.agent });
  box.send(Buffer.from('no more'));
  await ends;
  expect(seen).toEqual(['allowed']);
}, 25_000);

test('several who wait for a stream that is not in their form share the one that is', async () => {
  const commands = new AgentCommands(() => {});
  let started = 0;
  commands.ask = async (_agent, command) => {
    started += 1;
    const format = 'plays' in command && command.plays?.includes('h264') ? 'fmp4' : 'mpeg1';
    return { live: { format, codec: 'h264', masked: false } } as never;
  };
  const relay = new LiveRelay(commands, () => 'ws://gateway', pino({ level: 'silent' }));
  onTestFinished(() => relay.stop());
  const views = await Promise.all(
    [[], ['h264'], ['h264'], ['h264']].map((plays) => relay.open(CAMERA, plays)),
  );
  expect(views.map(({ offer }) => offer.format)).toEqual(['mpeg1', 'fmp4', 'fmp4', 'fmp4']);
  expect(started).toBe(2);
});
