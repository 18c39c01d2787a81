/** The simulator's ONVIF cameras, found and read by programs that others wrote, and by the agent's own discovery. */
import { startOnvif } from '@roadwatch/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { discoverDevices } from '../../agent/src/setup/onvif/discover.ts';
import { HAS_PYTHON, runPython } from '../support/python.ts';

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
