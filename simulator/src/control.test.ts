import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Camera } from './camera/camera.ts';
import { Pace } from './camera/pace.ts';
import { type ControlServer, startControl } from './control.ts';
import { encodeClip } from './media/encode.ts';
import { Timeline } from './media/timeline.ts';

let camera: Camera;
let control: ControlServer;
let base: string;
const pace = new Pace();

beforeAll(async () => {
  const settings = { codec: 'h264', fps: 5, gopSeconds: 1 } as const;
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=5:duration=1'];
  const clip = await encodeClip(input, { width: 160, height: 90 }, settings, new AbortController().signal);
  camera = new Camera({ path: 'gate', timeline: Timeline.looping(clip) });
  control = await startControl([camera], () => 'rtsp://127.0.0.1:1/gate', 0, pace);
  base = `http://127.0.0.1:${control.port}/cameras`;
});

afterAll(async () => {
  camera.stop();
  await control.stop();
});

function post(body: string, type = 'application/json'): Promise<Response> {
  return fetch(`${base}/gate/faults`, { method: 'POST', body, headers: { 'content-type': type } });
}

test('says what each camera is doing', async () => {
  const answer = await fetch(base);
  expect(await answer.json()).toMatchObject([
    { path: 'gate', url: 'rtsp://127.0.0.1:1/gate', viewers: 0, faults: [] },
  ]);
});

test('says how late pictures left', async () => {
  pace.record(3);
  const figures = await (await fetch(base.replace('/cameras', '/pace'))).json();
  expect(figures).toMatchObject({ pictures: 1, p50Ms: expect.closeTo(3, 1), maxMs: expect.closeTo(3, 1) });
});

test('begins and ends a fault', async () => {
  const begun = await post('{"kind": "packet-loss", "rate": 0.1}');
  expect(await begun.json()).toMatchObject({ faults: [{ kind: 'packet-loss', rate: 0.1 }] });
  expect(camera.faults.get('packet-loss')?.rate).toBe(0.1);
  const ended = await fetch(`${base}/gate/faults/packet-loss`, { method: 'DELETE' });
  expect(await ended.json()).toMatchObject({ faults: [] });
  expect(camera.faults.list()).toEqual([]);
});

describe('what does not fit is refused with its reason, and changes nothing', () => {
  test.each([
    ['a fault of no kind', '{"kind": "explode"}', 400, /no fault "explode"/],
    ['a figure out of range', '{"kind": "packet-loss", "rate": 7}', 400, /rate/],
    ['no JSON', '{', 400, /JSON/],
    ['null', 'null', 400, /kind/],
    ['a body without end', `{"kind": "${'x'.repeat(10_000)}"}`, 400, /at most 4096 bytes/],
  ])('%s', async (_, body, status, reason) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { error: string }).error).toMatch(reason);
    expect(camera.faults.list()).toEqual([]);
  });

  test('another kind of content', async () => {
    expect((await post('{"kind": "freeze"}', 'text/plain')).status).toBe(415);
  });

  test.each(['/nobody', '/gate/faults/explode', '/%', '/gate/faults/freeze/now'])(
    'DELETE %s',
    async (path) => {
      const answer = await fetch(base + path, { method: 'DELETE' });
      expect([400, 404]).toContain(answer.status);
    },
  );

  test('a page in a browser that calls this machine by another name', async () => {
    const status = await new Promise((resolve, reject) => {
      const options = { port: control.port, path: '/cameras', headers: { host: 'evil.example' } };
      request(options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });
});

test('a port in use is named', async () => {
  await expect(startControl([], () => '', control.port)).rejects.toThrow(`control port ${control.port}`);
});
