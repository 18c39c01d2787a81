import { expect, onTestFinished, test } from 'vitest';
import { streetCamera } from '../agent/support/agent-box.ts';
import { seeded } from '../support/random.ts';
import { SlowLink } from '../support/slow-link.ts';
import { temporaryFolder } from '../support/temp.ts';
import { fleetBox, testFleet } from './support/fleet.ts';
import { signedModel } from './support/release.ts';

test('a model of 5 MB comes over 100 kB/s with a cut every few seconds, and little is sent twice', async () => {
  const random = seeded(5);
  const fleet = await testFleet();
  const camera = await streetCamera();
  const link = await SlowLink.start(Number(new URL(fleet.gateway.url).port), { bytesPerSecond: 100_000 });
  onTestFinished(() => link.stop());
  const change = { gateway: { url: `http://127.0.0.1:${link.port}` } };
  await fleetBox(fleet, await temporaryFolder(), { url: camera.url }, { change });
  const bytes = 5_000_000;
  const release = await fleet.upload(await signedModel(fleet.key, { version: '2', ballast: bytes }));
  const begun = performance.now();
  const rollout = await fleet.rollout(release);
  let cuts = 0;
  const cutting = setInterval(() => {
    if (random() < 0.5 && link.bytes.down < bytes) {
      link.cut();
      cuts++;
    }
  }, 4_000);
  onTestFinished(() => clearInterval(cutting));
  const { agents } = await fleet.until(rollout, ({ state }) => state === 'done');
  expect(agents[0]).toMatchObject({ state: 'running' });
  expect(cuts).toBeGreaterThan(2);
  expect(link.bytes.down).toBeLessThan(bytes * 1.1);
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`${seconds} s, ${cuts} cuts, ${(link.bytes.down / 1e6).toFixed(2)} MB over the line`);
}, 600_000);
