import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { firstCamera, loggedIn, startedLoop } from '../support/loop.ts';

test('an operator watches a camera live through the gateway until the logout, and nothing streams once nobody watches', async () => {
  const { loop, book } = await startedLoop(['scene:quiet']);
  const headers = await loggedIn(loop);
  await firstCamera(loop, headers);
  const live = new URL('/api/cameras/binjiang/edge-1/camera-1/live', loop.consoleUrl);

  const stranger = await fetch(live, { method: 'POST', body: '{}' });
  expect(stranger.status).toBe(401);

  const opened = await fetch(live, { method: 'POST', headers, body: '{}' });
  expect(opened.status).toBe(200);
  const { path } = (await opened.json()) as { path: string };
  const url = new URL(path, loop.consoleUrl).href.replace(/^http/, 'ws');

  const refused = new WebSocket(url);
  const [, answer] = await once(refused, 'unexpected-response');
  expect(answer.statusCode).toBe(401);

  const viewer = new WebSocket(url, { headers: { cookie: headers.cookie as string } });
  onTestFinished(() => viewer.terminate());
  const [packets] = (await once(viewer, 'message')) as [Buffer];
  // MPEG-TS packets begin with 0x47 (ISO/IEC 13818-1, 2.4.3.2).
  expect([packets.length % 188, packets[0]]).toEqual([0, 0x47]);

  const closed = once(viewer, 'close');
  const { 'content-type': _, ...bare } = headers;
  const out = await fetch(new URL('/api/session', loop.consoleUrl), { method: 'DELETE', headers: bare });
  expect(out.status).toBe(204);
  expect((await closed)[0]).toBe(1008);
  const ended = await book.next('agent', 'live view ended');
  expect(ended.camera).toBe('camera-1');
}, 120_000);

test('a camera that nobody has heard of is refused by name', async () => {
  const { loop } = await startedLoop(['scene:quiet']);
  const headers = await loggedIn(loop);
  const answer = await fetch(new URL('/api/cameras/binjiang/edge-1/no-such-camera/live', loop.consoleUrl), {
    method: 'POST',
    headers,
    body: '{}',
  });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ detail: 'there is no camera binjiang/edge-1/no-such-camera' });
}, 120_000);
