/** Faults that take their time: a picture that stands still, a camera that drops or changes in mid-stream. */
import type { Fault } from '@roadwatch/simulator';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { potholeModel, startBox, streetCamera } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

test('a camera whose picture stands still, to the last bit, is reported as frozen', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await streetCamera({ still: 'plain', faults: [{ kind: 'frozen-picture' }] });
  await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: camera.url },
    { model: await potholeModel(), gate: { frozenSeconds: 10 } },
  );
  await gateway.until(() => gateway.states('camera-1').includes('frozen'));
});

test.each<Fault>([{ kind: 'drop' }, { kind: 'resolution-change' }, { kind: 'codec-change' }])(
  'after a $kind the camera streams on, and the pothole is still the same one',
  async (fault) => {
    const gateway = await GatewayStandIn.start();
    const camera = await streetCamera();
    const box = await startBox(
      await temporaryFolder(),
      gateway.url,
      { url: camera.url },
      { model: await potholeModel(), gate: { maxSkipSeconds: 1 } },
    );
    await box.line('detection stored');
    await camera.fault(fault);
    const before = box.agent.figures().cameras[0]?.analysed ?? 0;
    const analysed = (): number => box.agent.figures().cameras[0]?.analysed ?? 0;
    while (analysed() < before + 3) await camera.next('keyframe');
    expect(gateway.detections.filter(({ event }) => event === 'opened')).toHaveLength(1);
  },
);
