/** Logging in at cameras that ask for it in the ways of the field. */
import type { Login } from '@roadwatch/simulator';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const credentials = { user: 'operatör', password: 'a "secret", of signs' };
const named = (id: string, camera: object): object => ({
  ...{ id, name: { en: id, zh: id }, username: credentials.user, password: credentials.password },
  ...camera,
});

test('cameras with Digest of either kind, both, or Basic where that is allowed stream; Basic alone is told of', async () => {
  const gateway = await GatewayStandIn.start();
  const logins: Readonly<Record<string, Login>> = {
    md5: { schemes: ['digest-md5'] },
    sha256: { schemes: ['digest-sha256'] },
    all: { schemes: ['basic', 'digest-md5', 'digest-sha256'] },
    basic: { schemes: ['basic'] },
    'basic-unsaid': { schemes: ['basic'] },
  };
  const cameras = await Promise.all(
    Object.entries(logins).map(async ([id, login]) => {
      const { url } = await streetCamera({ credentials, login });
      return named(id, { url, allowBasic: id === 'basic' });
    }),
  );
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    {},
    { model: await potholeModel(), cameras },
  );
  const good = ['md5', 'sha256', 'all', 'basic'];
  await gateway.until(() => good.every((id) => gateway.states(id).includes('streaming')));
  const { camera, reason } = await box.line('camera refused');
  expect([camera, reason]).toEqual(['basic-unsaid', expect.stringContaining('allowBasic: true')]);
}, 60_000);

test('a session by UDP is ended at the camera, which asks for the login there too', async () => {
  const gateway = await GatewayStandIn.start();
  const login: Login = { schemes: ['digest-sha256'], nonceSeconds: 1 };
  const camera = await streetCamera({ credentials, login });
  const settings = named('guarded', { url: camera.url, transport: 'udp' });
  const { agent } = await startBox(await temporaryFolder(), gateway.url, settings, {
    model: await potholeModel(),
  });
  await gateway.until(() => gateway.states('guarded').includes('streaming'));
  expect(camera.viewerCount).toBe(1);
  await agent.stop();
  expect(camera.viewerCount).toBe(0);
}, 60_000);

test.each(['digest-md5', 'digest-sha256'] as const)(
  'a nonce of %s that grows old while a camera streams costs neither the stream nor a refusal',
  async (scheme) => {
    const gateway = await GatewayStandIn.start();
    const camera = await streetCamera({
      credentials,
      login: { schemes: [scheme], nonceSeconds: 1 },
      sessionSeconds: 4,
    });
    let refused = 0;
    let disconnected = 0;
    camera.events.on('refused', () => refused++);
    camera.events.on('disconnected', () => disconnected++);
    const { url } = camera;
    const expired = camera.next('nonce-expired');
    const settings = named('guarded', { url });
    await startBox(await temporaryFolder(), gateway.url, settings, { model: await potholeModel() });
    await expired;
    await camera.next('keyframe');
    await camera.next('keyframe');
    expect([camera.viewerCount, refused, disconnected]).toEqual([1, 0, 0]);
  },
  60_000,
);
