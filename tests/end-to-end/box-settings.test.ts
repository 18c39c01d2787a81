/** What is set of a box in the console, all the way: tried by the agent, confirmed once its status has come, and back as what counts. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BoxSettingsView, Problem } from '@roadwatch/contract/api';
import { expect, test } from 'vitest';
import { firstCamera, loggedIn, startedLoop } from '../support/loop.ts';

const PATH = '/api/agents/binjiang/edge-1/settings';

test('settings of a box count once it was seen with them, what it refuses it names, and the former ones come back', async () => {
  const { loop } = await startedLoop(['scene:quiet']);
  const headers = await loggedIn(loop);
  await firstCamera(loop, headers);
  const ask = async <Body>(path: string, method = 'GET', body?: object): Promise<Body> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (
      await fetch(new URL(path, loop.consoleUrl), { method, headers, ...sent })
    ).json() as Promise<Body>;
  };
  const until = async (holds: (view: BoxSettingsView) => boolean): Promise<BoxSettingsView> => {
    for (;;) {
      const view = await ask<BoxSettingsView>(PATH);
      if (holds(view)) return view;
      await delay(50);
    }
  };
  const first = await until(({ takesSettings, cameras }) => takesSettings && cameras.length > 0);
  expect(first).toMatchObject({ version: 0, running: 0 });

  const name = { en: 'Renamed', zh: '改名' };
  const document = { ring: { seconds: 45 }, cameras: [{ id: 'camera-1', name, enabled: false }] };
  await ask(PATH, 'PUT', { version: 0, document });
  const applied = await until(({ delivery }) => delivery.state === 'applied');
  expect(applied).toMatchObject({ version: 1, document });
  const counts = await until(
    ({ running, configuration, cameras }) =>
      running === 1 && configuration?.trial === undefined && cameras[0]?.state === 'paused',
  );
  expect(counts.cameras[0]).toMatchObject({ name, own: { enabled: true } });

  // The box alone knows its logins.
  const added = [{ id: 'added', name, url: 'rtsp://10.0.0.9/1', login: 'nobody' }];
  await ask(PATH, 'PUT', { version: 1, document: { ...document, added } });
  const refused = await until(({ delivery }) => delivery.state === 'refused');
  expect(refused).toMatchObject({
    ...{ version: 2, running: 1 },
    delivery: { code: 'box_settings_invalid', problems: [{ path: 'added[0].login' }] },
  });
  const wrong = await ask<Problem>(PATH, 'PUT', { version: 2, document: { ring: { seconds: 1 } } });
  expect(wrong.fields).toMatchObject([{ path: 'ring.seconds' }]);

  await ask(`${PATH}/undo`, 'POST', { version: 2, to: 0 });
  await until(({ delivery, cameras }) => delivery.state === 'applied' && cameras[0]?.state === 'streaming');
}, 180_000);
