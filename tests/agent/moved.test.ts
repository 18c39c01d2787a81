/** A camera that is turned: what belongs to the view of before waits for it, and nothing is concluded meanwhile. */
import { newId } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

test('what was being verified when the camera was turned is not published, and is verified anew when it is turned back', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera();
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: camera.url },
    { model: await potholeModel(), verify: { minSeconds: 6, minLooks: 3, burstSeconds: 4 } },
  );
  await box.line('candidate');
  await camera.fault({ kind: 'moved' });
  await gateway.until(() => gateway.states('camera-1').includes('moved'));
  const said = gateway.states('camera-1').length;
  // One is said every ten seconds; it takes six to verify.
  await gateway.until(() => gateway.states('camera-1').length > said);
  expect(gateway.states('camera-1').at(-1)).toBe('moved');
  expect(gateway.detections).toEqual([]);
  const inspect = { kind: 'inspect', detection: newId(), box: [0.5, 0.5, 0.1, 0.1], damageClass: 'pothole' };
  expect((await ask(gateway, inspect)).inspection).toMatchObject({ result: 'inconclusive', looked: 0 });

  camera.endFault('moved');
  await box.line('detection stored');
  expect(gateway.states('camera-1').at(-1)).toBe('streaming');
}, 60_000);
