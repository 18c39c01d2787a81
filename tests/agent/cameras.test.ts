/** Cameras as they are in the field: codecs, transports, sub-streams, and every way in which one of them fails. */

import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { type Fault, startCamera } from '@roadwatch/simulator';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera, streetPicture } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';
import { packets, rogueCamera } from './support/rogue-camera.ts';

const named = (id: string, camera: object): object => ({ id, name: { en: id, zh: id }, ...camera });

test('H.265, UDP and a sub-stream serve as well as H.264 over TCP, and cameras that cannot be used do not disturb them', async () => {
  const gateway = await GatewayStandIn.start();
  const [tcp, udp, small, guarded, hevc] = await Promise.all([
    // Most have a microphone; what it hears is none of the agent's business.
    streetCamera({ audio: 'aac' }),
    streetCamera({ audio: 'pcma' }),
    startCamera({ source: await streetPicture(400, 224), encoder: { gopSeconds: 0.5 } }),
    streetCamera({ credentials: { user: 'admin', password: 'the right one' } }),
    streetCamera({ encoder: { codec: 'h265', gopSeconds: 0.5 } }),
  ]);
  onTestFinished(() => small.stop());
  const noCamera = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')).listen(0, '127.0.0.1');
  onTestFinished(() => void noCamera.close());
  await once(noCamera, 'listening');
  const { port } = noCamera.address() as AddressInfo;

  const cameras = [
    named('tcp', { url: tcp.url }),
    named('udp', { url: udp.url, transport: 'udp' }),
    named('h265', { url: hevc.url }),
    named('sub-stream', { url: tcp.url, detectUrl: small.url }),
    named('wrong-login', { url: guarded.url, username: 'admin', password: 'a wrong one' }),
    named('no-camera', { url: `rtsp://127.0.0.1:${port}/live` }),
  ];
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    {},
    { model: await potholeModel(), cameras },
  );
  const good = ['tcp', 'udp', 'h265', 'sub-stream'];
  await gateway.until(() => good.every((id) => gateway.detections.some(({ camera }) => camera === id)));
  await gateway.until(
    () =>
      gateway.states('wrong-login').includes('refused') && gateway.states('no-camera').includes('stalled'),
  );

  const told = (id: string): unknown[] =>
    gateway.received
      .filter(({ topic }) => topic.endsWith(`/cameras/${id}/state`))
      .map(({ payload }) => JSON.parse(String(payload)));
  expect(told('wrong-login')).toContainEqual(
    expect.objectContaining({ state: 'refused', code: 'camera_refused' }),
  );
  const opened = gateway.detections.filter(({ event }) => event === 'opened');
  expect(opened.map(({ camera }) => camera).sort()).toEqual([...good].sort());
  // On a busy box the pictures follow in a revision.
  const withPictures = (id: string) =>
    gateway.detections.find(({ camera, evidence }) => camera === id && evidence.length > 0);
  await gateway.until(() => good.every((id) => withPictures(id) !== undefined));
  for (const camera of good) {
    const names = withPictures(camera)?.evidence.map(({ name }) => name);
    expect([camera, names]).toEqual([camera, ['still.jpg', 'overlay.jpg']]);
    const isStill = ({ topic }: { readonly topic: string }) =>
      topic.includes(`/${camera}/evidence/`) && topic.endsWith('/still.jpg');
    await gateway.until(() => gateway.received.some(isStill));
    const still = gateway.received.find(isStill);
    const { width, height } = await sharp(still?.payload).metadata();
    expect([camera, width, height], 'evidence is cut from the large stream').toEqual([camera, 800, 448]);
  }
  expect(JSON.stringify(box.lines)).not.toMatch(/a wrong one|a%20wrong/);
}, 150_000);

const blinded: readonly { readonly fault: Fault; readonly state: string }[] = [
  { fault: { kind: 'black' }, state: 'dark' },
  { fault: { kind: 'covered' }, state: 'covered' },
  { fault: { kind: 'placeholder' }, state: 'placeholder' },
];

test.each(blinded)(
  'a camera that is $fault.kind says so and reports nothing until it sees again',
  async ({ fault, state }) => {
    const gateway = await GatewayStandIn.start();
    const camera = await streetCamera({ faults: [fault] });
    await startBox(
      await temporaryFolder(),
      gateway.url,
      { url: camera.url },
      { model: await potholeModel() },
    );
    await gateway.until(() => gateway.states('camera-1').at(-1) === state);
    expect(gateway.detections).toEqual([]);
    camera.endFault(fault.kind);
    await gateway.until(() => gateway.detections.length > 0);
    expect(gateway.states('camera-1').at(-1)).toBe('streaming');
  },
);

test('cameras that let the agent in and never send a keyframe keep no other one from streaming', async () => {
  const gateway = await GatewayStandIn.start();
  const endless = (socket: Socket): void => {
    const sequence = { next: 0 };
    let at = 0;
    const timer = setInterval(() => {
      // A slice of a picture that needs others (RFC 6184 5.2: type 1).
      at += 9_000;
      socket.write(packets(Buffer.from([0x41, 0x9a, 0, 0]), at, sequence));
    }, 100);
    socket.once('close', () => clearInterval(timer));
  };
  const mute = await Promise.all(Array.from({ length: 12 }, () => rogueCamera({ play: endless })));
  const good = await streetCamera();
  const cameras = [
    ...mute.map(({ url }, index) => named(`mute-${index}`, { url })),
    named('good', { url: good.url }),
  ];
  await startBox(await temporaryFolder(), gateway.url, {}, { model: await potholeModel(), cameras });
  await gateway.until(() => gateway.detections.some(({ camera }) => camera === 'good'));
});

test.each<Fault>([{ kind: 'freeze' }, { kind: 'half-open' }])(
  'a camera from which nothing comes any more ($kind) is left, asked anew and looked at when it is back, and the box ends when it is told to',
  async (fault) => {
    const gateway = await GatewayStandIn.start();
    const camera = await streetCamera();
    const url = { url: camera.url };
    const box = await startBox(await temporaryFolder(), gateway.url, url, { model: await potholeModel() });
    await box.line('camera streaming');
    await camera.fault(fault);
    expect((await box.line('camera stalled')).reason).toMatch(
      /^(nothing came from the camera|no picture) for \d+ s$/,
    );
    camera.endFault(fault.kind);
    await box.line('camera streaming', 2);
    await box.agent.stop();
  },
  // A busy machine may lose the camera once more on the way.
  180_000,
);
