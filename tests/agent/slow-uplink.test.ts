/** What a box hands over by a line that is slow or breaks, or to a broker that takes small packets only. */
import { sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { testGateway } from '../../gateway/testing/gateway.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { clipOf, pictureOf, slowLine } from './support/slow-line.ts';
import { strictLine } from './support/strict-broker.ts';
import { uplinkRig } from './support/uplink-rig.ts';

test('on a slow line a detection overtakes pictures, pictures overtake clips, and all of it arrives', async () => {
  const { box, kept } = await slowLine({ bytesPerSecond: 40_000 });
  const rig = await box();
  const [clip, picture] = [clipOf(200_000), pictureOf(40_000)];
  rig.file('clip', 'clip', clip);
  await rig.until(() => rig.uplink.figures.sentBytes > 20_000);
  rig.file('picture', 'picture', picture);
  rig.detection('detection');
  await rig.until(() => rig.stored.length === 3);
  expect(rig.stored).toEqual(['detection', 'picture', 'clip']);
  for (const bytes of [clip, picture]) expect(await kept(sha256(bytes))).toEqual(bytes);
  expect(rig.outbox.depth).toBe(0);
  expect(rig.uplink.figures.waitingBytes).toBe(0);
});

test('a clip whose connection is cut goes on where it was, also after a restart of the box', async () => {
  const { box, kept, link } = await slowLine({ bytesPerSecond: 60_000 });
  const first = await box();
  const clip = clipOf(300_000);
  first.file('clip', 'clip', clip);
  await first.until(() => first.uplink.figures.sentBytes > 60_000);
  link.cut();
  await first.until(() => first.uplink.figures.sentBytes > 150_000);
  const before = first.uplink.figures.sentBytes;
  await first.stop();
  const second = await box(first.folder);
  await second.until(() => second.stored.length === 1);
  expect(await kept(sha256(clip))).toEqual(clip);
  expect(before + second.uplink.figures.sentBytes - clip.length, 'sent in vain').toBeLessThan(150_000);
});

test('a file that is all alike arrives whole, though its parts cannot be told apart', async () => {
  const { box, kept } = await slowLine({});
  const rig = await box();
  const picture = Buffer.alloc(200_000);
  picture.set([0xff, 0xd8, 0xff]);
  rig.file('picture', 'picture', picture);
  await rig.until(() => rig.stored.length === 1);
  expect(await kept(sha256(picture))).toEqual(picture);
});

test('a detection counts as published when the broker has confirmed it, and not before', async () => {
  const { box, link } = await slowLine({});
  const rig = await box();
  rig.detection('first');
  await rig.until(() => rig.stored.length === 1);
  link.unplug();
  rig.detection('second');
  await new Promise((resolve) => setImmediate(resolve));
  expect(rig.published).toEqual(['first']);
  link.plug();
  await rig.until(() => rig.stored.length === 2);
  expect(rig.published).toEqual(['first', 'second']);
});

test('a broker that says which packets it takes gets no larger ones', async () => {
  const port = await startMosquitto(['max_packet_size 20000']);
  const gateway = await testGateway({ broker: { url: `mqtt://127.0.0.1:${port}` } });
  const rig = await uplinkRig(`mqtt://127.0.0.1:${port}`);
  const clip = clipOf(400_000);
  rig.file('clip', 'clip', clip);
  rig.file('picture', 'picture', pictureOf(30_000));
  rig.detection('detection');
  await rig.until(() => rig.stored.length === 3);
  expect(rig.stored).toEqual(['detection', 'picture', 'clip']);
  expect(rig.lines.filter(({ msg }) => msg === 'broker connected')).toMatchObject([
    { maxPacketBytes: 20_000 },
  ]);
  expect(gateway.lines.some(({ msg }) => msg === 'file refused')).toBe(false);
});

test('a broker that ends the connection at large packets without a word is understood, and told of', async () => {
  const { gateway, password, kept } = await slowLine({});
  const line = await strictLine(Number(new URL(gateway.mqttUrl).port), 20_000);
  const rig = await uplinkRig(line.url, { mqtt: { username: 'site/box', password } });
  const clip = clipOf(400_000);
  rig.file('clip', 'clip', clip);
  await rig.until(() => rig.lines.some(({ msg }) => msg === 'the broker takes no packets so large'));
  rig.detection('detection');
  await rig.until(() => rig.stored.length === 2);
  expect(rig.stored).toEqual(['detection', 'clip']);
  expect(await kept(sha256(clip))).toEqual(clip);
  expect(line.ends).toBe(2);
  expect(rig.uplink.troubles).toMatchObject([
    { code: 'broker_packet_limit', detail: expect.stringMatching(/mqtt\.maxPacketBytes/) },
  ]);
  expect(rig.lines.some(({ msg }) => msg === 'another box uses this name')).toBe(false);
});

test('a broker whose limit is in the configuration is never sent more', async () => {
  const { gateway, password } = await slowLine({});
  const line = await strictLine(Number(new URL(gateway.mqttUrl).port), 5_000);
  const rig = await uplinkRig(line.url, { mqtt: { username: 'site/box', password, maxPacketBytes: 5_000 } });
  rig.file('clip', 'clip', clipOf(100_000));
  await rig.until(() => rig.stored.length === 1);
  expect(line.ends).toBe(0);
});

test.each(['inside the gateway', 'mosquitto, of MQTT 5'])(
  'two boxes of one name say so, and come back more slowly, at a broker %s',
  async (broker) => {
    const port = broker.startsWith('mosquitto') ? await startMosquitto() : null;
    const { gateway, password } = await slowLine({});
    const url = port === null ? gateway.mqttUrl : `mqtt://127.0.0.1:${port}`;
    const mqtt = { username: 'site/box', password };
    const boxes = await Promise.all([uplinkRig(url, { mqtt }), uplinkRig(url, { mqtt })]);
    await Promise.all(
      boxes.map((rig) => rig.until(() => rig.lines.some(({ msg }) => msg === 'another box uses this name'))),
    );
    for (const { uplink } of boxes)
      expect(uplink.troubles).toMatchObject([
        { code: 'name_shared', detail: expect.stringContaining('another box uses the name site/box') },
      ]);
  },
);
