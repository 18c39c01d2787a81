/** What a real agent tells of a camera whose clock is wrong, and which sends fewer pictures than before. */
import type { CameraState } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

test('a wrong clock and fewer pictures are told once they have lasted, and over once they are', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera({ clockOffsetMs: -3_600_000 });
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: camera.url },
    { model: await potholeModel() },
  );
  await box.line('camera streaming');
  const faults = (): string => {
    const state = gateway.received.findLast(({ topic }) => topic.endsWith('/cameras/camera-1/state'));
    const { faults: found = [] } = JSON.parse(
      (state as { payload: Buffer }).payload.toString(),
    ) as CameraState;
    return found.map(({ code }) => code).join();
  };
  await gateway.until(() => faults() === 'clock_wrong');
  await camera.fault({ kind: 'fewer-pictures' });
  await gateway.until(() => faults() === 'clock_wrong,frame_rate_fallen');
  camera.endFault('fewer-pictures');
  await gateway.until(() => faults() === 'clock_wrong');
  expect((await box.line('camera is cared for')).fault).toBe('frame_rate_fallen');
}, 900_000);
