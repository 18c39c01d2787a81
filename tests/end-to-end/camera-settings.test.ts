/** A camera's picture, and what is set of it in the console, all the way: to the agent, back as what counts, and as YAML that its file takes. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseYaml } from '@roadwatch/common';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { parseConfig } from '../../agent/src/config/config.ts';
import { firstCamera, loggedIn, startedLoop } from '../support/loop.ts';

const CAMERA = '/api/cameras/binjiang/edge-1/camera-1';
const NOTHING = {
  ...{ road: null, masks: [], minBoxHeight: null, thresholds: {}, position: null },
  ...{ headingDegrees: null, fieldOfViewDegrees: null },
};

test('a picture is taken on demand, and a road drawn on it counts at the box within seconds, and can be had for the box’s file', async () => {
  const { loop } = await startedLoop(['scene:quiet']);
  const headers = await loggedIn(loop);
  await firstCamera(loop, headers);
  const ask = async (path: string, method = 'GET', body?: object) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return fetch(new URL(path, loop.consoleUrl), { method, headers, ...sent });
  };
  // The camera has seen no damage, so that nothing has come of what it sees.
  expect(((await (await ask(CAMERA)).json()) as { picture: unknown }).picture).toBeNull();
  const taken = await ask(`${CAMERA}/picture`, 'POST', {});
  expect(taken.status).toBe(200);
  const { sha256, capturedAt, arrived } = (await taken.json()) as Record<string, unknown>;
  expect(arrived).toBe(true);
  expect(await (await ask(CAMERA)).json()).toMatchObject({ picture: { sha256, capturedAt } });
  const bytes = await (await ask(`/api/evidence/${sha256}`)).arrayBuffer();
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 1280, height: 720 });

  const set = {
    road: [
      [0, 0.5],
      [1, 0.5],
      [1, 1],
    ],
    masks: [
      [
        [0, 0],
        [0.1, 0],
        [0.1, 0.1],
      ],
    ],
    minBoxHeight: { top: 0.01, bottom: 0.05 },
    thresholds: { pothole: 0.9 },
    headingDegrees: 135,
  };
  const put = await ask(`${CAMERA}/settings`, 'PUT', { version: 0, document: { ...NOTHING, ...set } });
  expect(put.status).toBe(200);
  for (;;) {
    const { delivery } = (await (await ask(`${CAMERA}/settings`)).json()) as { delivery: { state: string } };
    if (delivery.state === 'applied') break;
    expect(delivery.state).toBe('waiting');
    await delay(50);
  }
  let detail: object = {};
  while (!('minBoxHeight' in detail)) detail = (await (await ask(CAMERA)).json()) as object;
  expect(detail).toMatchObject(set);

  const yaml = await (await ask(`${CAMERA}/settings.yaml`)).text();
  const [entry] = parseYaml(yaml).value as readonly object[];
  const config = {
    ...{ site: 'binjiang', agent: 'edge-1', dataDir: 'data', mqtt: { url: 'mqtt://127.0.0.1:1883' } },
    cameras: [{ ...entry, url: 'rtsp://127.0.0.1/street' }],
  };
  const { cameras, cameraProblems } = parseConfig(JSON.stringify(config), '/nowhere/agent.yaml');
  expect(cameraProblems).toEqual([]);
  expect(cameras[0]).toMatchObject(set);
}, 120_000);
