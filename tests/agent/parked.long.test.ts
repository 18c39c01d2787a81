/** A car parks on a pothole that is known: nobody is told that the road is whole until it has been seen whole. */
import { shippedModel } from '@roadwatch/models';
import { startCamera } from '@roadwatch/simulator';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { startBox } from './support/agent-box.ts';
import { ask } from './support/ask.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

const SCENARIO = new URL('../scenarios/parked-pothole.yaml', import.meta.url).pathname;
const [PARKED, GONE, REPAIRED] = [25, 55, 70];

test('a pothole under a parked car is neither cleared nor passed; once it is patched, it is both', async () => {
  const gateway = await GatewayStandIn.start();
  const camera = await startCamera({ source: SCENARIO });
  onTestFinished(() => camera.stop());
  const box = await startBox(
    await temporaryFolder(),
    gateway.url,
    { url: camera.url },
    { model: shippedModel(), verify: { clearAfterMinutes: 0.2, burstSeconds: 6 } },
  );
  if (camera.startedAtMs === null) await camera.next('started');
  await box.line('detection stored');
  const [{ id, box: place, damageClass }] = gateway.detections as [(typeof gateway.detections)[number]];
  const second = (): number => (Date.now() - (camera.startedAtMs as number)) / 1000;
  const until = (at: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, Math.max(0, (at - second()) * 1000)));
  const inspect = () => ask(gateway, { kind: 'inspect', detection: id, box: place, damageClass });
  const cleared = () => gateway.detections.filter(({ event }) => event === 'cleared');
  expect(second()).toBeLessThan(PARKED - 1);

  await until(PARKED + 2);
  expect((await inspect()).inspection?.result).toBe('inconclusive');
  await until(GONE);
  expect(cleared()).toEqual([]);
  await until(GONE + 2);
  expect((await inspect()).inspection?.result).toBe('fail');
  await until(REPAIRED + 1);
  expect((await inspect()).inspection?.result).toBe('pass');
  await gateway.until(() => cleared().length === 1);
  expect(cleared()[0]).toMatchObject({ id });
});
