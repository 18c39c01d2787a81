/** The simulator's ONVIF cameras, found and read by programs that others wrote, and by the agent's own discovery. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startOnvif } from '@roadwatch/simulator';
import onvifClient from 'onvif/promises/index.js';
import { expect, onTestFinished, test } from 'vitest';
import { findCameras } from '../../agent/src/setup/find-cameras.ts';
import { describeCamera } from '../../agent/src/setup/onvif/camera.ts';
import { discoverDevices } from '../../agent/src/setup/onvif/discover.ts';
import { Child } from '../../scripts/demo/child.ts';
import { HAS_PYTHON, runPython } from '../support/python.ts';
import { temporaryFolder } from '../support/temp.ts';

const run = promisify(execFile);
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

/** The simulator's command line with cameras of a street, and where each has its ONVIF side. */
async function serve(cameras: number, ...args: string[]): Promise<{ camera: string; port: number }[]> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'password'), credentials.password);
  const told: { camera: string; port: number }[] = [];
  const serving = Promise.withResolvers<void>();
  const simulator = new Child(
    'simulator',
    'simulator/src/cli.ts',
    [
      ...[
        'serve',
        '--source',
        'scene:pothole',
        '--cameras',
        String(cameras),
        '--size',
        '640x360',
        '--fps',
        '5',
      ],
      ...['--sub-stream', '320x180', '--port', '0', '--onvif', '0', '--cache', join(folder, 'cache')],
      ...['--user', credentials.user, '--password-file', join(folder, 'password'), ...args],
    ],
    {
      logFile: join(folder, 'simulator.log'),
      onLog: (line) => {
        if (line.msg !== 'onvif') return;
        const { camera, address } = line as unknown as { camera: string; address: string };
        told.push({ camera, port: Number(new URL(address).port) });
        if (told.length === cameras) serving.resolve();
      },
    },
  );
  onTestFinished(async () => void (await simulator.stop()));
  await Promise.race([serving.promise, simulator.exited]);
  expect(told).toHaveLength(cameras);
  return told;
}

type Cam = InstanceType<typeof onvifClient.Cam>;

/** Its types know of no arguments. */
function ask<Answer>(cam: Cam, method: keyof Cam, ...args: unknown[]): Promise<Answer> {
  return (cam[method] as unknown as (...args: unknown[]) => Promise<Answer>).apply(cam, args);
}

test('the ONVIF client of npm reads a whole device of Profile S, and what it names can be had', async () => {
  const [told] = await serve(1, '--as', 'hikvision', '--clock-offset', '90000');
  const at = { hostname: '127.0.0.1', port: told?.port as number, timeout: 10_000, autoconnect: false };
  const { user: username, password } = credentials;
  const cam = new onvifClient.Cam({ ...at, username, password });
  await cam.connect();
  const aheadMs = (await cam.getSystemDateAndTime()).getTime() - Date.now();
  expect(aheadMs).toBeGreaterThan(85_000);
  expect(aheadMs).toBeLessThan(95_000);
  expect(await cam.getDeviceInformation()).toMatchObject({
    manufacturer: 'HIKVISION',
    model: 'DS-2CD2042WD-I',
    serialNumber: 'pothole',
  });
  expect(
    (await ask<{ namespace: string }[]>(cam, 'getServices', true)).map(({ namespace }) => namespace),
  ).toEqual(['http://www.onvif.org/ver10/device/wsdl', 'http://www.onvif.org/ver10/media/wsdl']);
  expect((await cam.getCapabilities()).media.streamingCapabilities).toMatchObject({ RTP_RTSP_TCP: true });
  expect((await cam.getServiceCapabilities()).security).toMatchObject({ UsernameToken: true });
  expect(await cam.getHostname()).toMatchObject({ name: 'pothole' });
  expect(await cam.getScopes()).toContainEqual(
    expect.objectContaining({ scopeItem: 'onvif://www.onvif.org/Profile/Streaming' }),
  );
  expect(await cam.getUsers()).toMatchObject([{ username: credentials.user }]);
  expect(JSON.stringify(await cam.getNetworkProtocols())).toContain('RTSP');
  expect(JSON.stringify(await cam.getNetworkInterfaces())).toContain('127.0.0.1');
  const profiles = await cam.getProfiles();
  expect(profiles.map(({ name }: { name: string }) => name)).toEqual(['main', 'sub']);
  const encoder = await ask(cam, 'getVideoEncoderConfiguration', 'sub-encoder');
  expect(encoder).toMatchObject({ resolution: { width: 320, height: 180 }, H264: { govLength: 10 } });
  expect(await cam.getVideoEncoderConfigurations()).toHaveLength(2);

  const login = `${username}:${encodeURIComponent(password)}@`;
  const sizeAt = async (url: string, ...args: string[]): Promise<string> => {
    const entries = ['-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0'];
    return (
      await run('ffprobe', ['-v', 'error', ...args, ...entries, url.replace('://', `://${login}`)])
    ).stdout.trim();
  };
  for (const [profileToken, path, size] of [
    ['main', '/Streaming/Channels/101', '640,360'],
    ['sub', '/Streaming/Channels/102', '320,180'],
  ] as const) {
    const setup = { protocol: 'RTSP', profileToken };
    const { uri } = await ask<{ uri: string }>(cam, 'getStreamUri', setup);
    expect(new URL(uri).pathname).toBe(path);
    expect(await sizeAt(uri)).toBe(`h264,${size}`);
  }
  const { uri: snapshot } = await ask<{ uri: string }>(cam, 'getSnapshotUri', { profileToken: 'main' });
  expect(await sizeAt(snapshot, '-f', 'jpeg_pipe')).toBe('mjpeg,640,360');
  expect((await fetch(snapshot)).status).toBe(401);

  const guessing = new onvifClient.Cam({ ...at, username, password: 'guess' });
  await expect(guessing.getDeviceInformation()).rejects.toThrow(/not authorized/i);
  await expect(ask(cam, 'getStreamUri', { protocol: 'RTSP', profileToken: 'none' })).rejects.toThrow(
    /no such profile/i,
  );
}, 120_000);

test('the ONVIF client of npm finds a camera on its network', async () => {
  const onvif = await startOnvif({ name: 'north', profiles, discoverable: true });
  onTestFinished(() => onvif.stop());
  const found = await onvifClient.Discovery.probe({ timeout: 1500, resolve: false, device: 'lo' });
  expect(JSON.stringify(found)).toContain(onvif.address);
}, 60_000);

test.skipIf(!HAS_PYTHON)(
  'cameras of the simulator’s command line are read by an ONVIF client of others, each with its own streams',
  async () => {
    const told = await serve(2);
    expect(told.map(({ camera }) => camera)).toEqual(['pothole', 'pothole-2']);
    for (const { camera, port } of told) {
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
