/** The simulator's ONVIF cameras, found and read by programs that others wrote, and by the agent's own discovery. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOnvif } from '@roadwatch/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { findCameras } from '../../agent/src/setup/find-cameras.ts';
import { describeCamera } from '../../agent/src/setup/onvif/camera.ts';
import { discoverDevices } from '../../agent/src/setup/onvif/discover.ts';
import { Child, type LogLine } from '../../scripts/demo/child.ts';
import { HAS_PYTHON, runPython } from '../support/python.ts';
import { temporaryFolder } from '../support/temp.ts';

const credentials = { user: 'admin', password: 'p@ss:/w#rd %"' };
const profiles = [
  { token: 'main', width: 1920, height: 1080, fps: 25, url: 'rtsp://127.0.0.1:554/main?a=1&b=2' },
  { token: 'sub', width: 640, height: 360, fps: 10, url: 'rtsp://127.0.0.1:554/sub' },
];

test.skipIf(!HAS_PYTHON)(
  'an ONVIF client of others logs in, and reads who the camera is and where its streams are',
  async () => {
    const onvif = await startOnvif({ name: 'north', credentials, profiles });
    onTestFinished(() => onvif.stop());
    const found = await runPython('onvif_client.py', { port: onvif.port, ...credentials });
    expect(found).toEqual({
      right: {
        model: 'Simulator',
        streams: profiles.map(({ url, width, height }) => ({ url, width, height })),
      },
      wrong: { refused: expect.any(String), said: expect.stringMatching(/not authorized/i) },
    });
    expect(onvif.refusedLogins).toBe(1);
  },
  60_000,
);

test('a camera that can be discovered is found on its network, with its name', async () => {
  const onvif = await startOnvif({ name: '滨盛路 1', profiles, discoverable: true });
  onTestFinished(() => onvif.stop());
  const { devices } = await discoverDevices(new AbortController().signal, {
    interfaces: ['127.0.0.1'],
    waitMs: 1_500,
  });
  expect(devices).toContainEqual({ host: '127.0.0.1', service: new URL(onvif.address), name: '滨盛路 1' });
});

test('several cameras behind one address are found, each at its port, also where another network cannot be asked', async () => {
  const { signal } = new AbortController();
  const cameras = await Promise.all(
    ['one', 'two'].map((name) => startOnvif({ name, profiles, discoverable: true })),
  );
  onTestFinished(async () => void (await Promise.all(cameras.map((camera) => camera.stop()))));
  // TEST-NET-1 (RFC 5737) is nobody's.
  const options = { interfaces: ['192.0.2.1', '127.0.0.1'], waitMs: 1_500 };
  const { devices } = await discoverDevices(signal, options);
  const services = devices.map(({ service }) => service.href);
  expect(services).toEqual(expect.arrayContaining(cameras.map(({ address }) => address)));
  await expect(discoverDevices(signal, { ...options, interfaces: ['192.0.2.1'] })).rejects.toThrow(
    /EADDRNOTAVAIL/,
  );
});

test('cameras that are named are found at their ports, and a name stands for the address that it has', async () => {
  const { signal } = new AbortController();
  const at = { discover: false, ranges: [] };
  const cameras = await Promise.all(['one', 'two'].map((name) => startOnvif({ name, profiles })));
  onTestFinished(async () => void (await Promise.all(cameras.map((camera) => camera.stop()))));
  const [one, two] = cameras as [(typeof cameras)[number], (typeof cameras)[number]];
  const named = [`localhost:${one.port}`, `127.0.0.1:${two.port}`];
  const { candidates } = await findCameras({ ...at, cameras: named }, signal);
  expect(candidates.map(({ service }) => service?.href)).toEqual([one.address, two.address]);
  // It names its streams by its address.
  const { streams } = await describeCamera(candidates[0]?.service as URL, null, signal);
  expect(streams.map(({ url }) => url)).toEqual(profiles.map(({ url }) => url));
  // Longer than a name can be: nobody is asked for it.
  await expect(findCameras({ ...at, cameras: [`${'x'.repeat(64)}:80`] }, signal)).rejects.toThrow(
    /has no address/,
  );
});

test.skipIf(!HAS_PYTHON)(
  'cameras of the simulator’s command line are read by an ONVIF client of others, each with its own streams',
  async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'password'), credentials.password);
    const told: LogLine[] = [];
    const serving = Promise.withResolvers<void>();
    const simulator = new Child(
      'simulator',
      'simulator/src/cli.ts',
      [
        ...['serve', '--source', 'scene:pothole', '--cameras', '2', '--size', '640x360', '--fps', '5'],
        ...['--sub-stream', '320x180', '--port', '0', '--onvif', '0', '--cache', join(folder, 'cache')],
        ...['--user', credentials.user, '--password-file', join(folder, 'password')],
      ],
      {
        logFile: join(folder, 'simulator.log'),
        onLog: (line) => {
          if (line.msg === 'onvif' && told.push(line) === 2) serving.resolve();
        },
      },
    );
    onTestFinished(async () => void (await simulator.stop()));
    await Promise.race([serving.promise, simulator.exited]);
    expect(told.map(({ camera }) => camera)).toEqual(['pothole', 'pothole-2']);
    for (const { camera, address } of told as unknown as { camera: string; address: string }[]) {
      const port = Number(new URL(address).port);
      const { right, wrong } = (await runPython('onvif_client.py', { port, ...credentials })) as {
        right: { streams: { url: string; width: number; height: number }[] };
        wrong: object;
      };
      expect(right.streams).toEqual([
        { url: expect.stringMatching(`^rtsp://127\\.0\\.0\\.1:\\d+/${camera}$`), width: 640, height: 360 },
        { url: expect.stringMatching(`/${camera}/sub$`), width: 320, height: 180 },
      ]);
      expect(wrong).toHaveProperty('refused');
    }
  },
  120_000,
);
