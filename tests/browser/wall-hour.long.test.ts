/** The wall for an hour (ROADWATCH_WALL_MINUTES: for so many minutes), with tickets that go their way on it and gateways that are killed. */
import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestOperator } from '../../gateway/testing/operator.ts';
import { closePage, openPage, SOFTWARE_GL, startBrowser } from './support/browser.ts';
import { addCameras, cityCamera, cityMapFile } from './support/city.ts';
import { AGENT_NAME, FieldAgent } from './support/field-agent.ts';
import { type RunningGateway, startGateway } from './support/gateway.ts';
import { holeBox, SIZE, streetPicture } from './support/street-picture.ts';

const MINUTES = Number(process.env.ROADWATCH_WALL_MINUTES ?? 60);
const CAMERAS = 200;
/** Of the agent for which the test speaks. */
const [FIRST_CAMERA, OWN_CAMERAS] = [50, 50];
/** Tickets between two gateways. */
const LIFE = 12;
/** Until the page has all of its code, its map and its first pictures. */
const WARM = 12;
const MIB = 1024 * 1024;
const GROWTH_MIB = 15;

let browser: Browser;
let gateway: RunningGateway;
let agent: FieldAgent;
let city: Awaited<ReturnType<typeof cityMapFile>>;
let admin: TestOperator;

beforeAll(async () => {
  browser = await startBrowser(SOFTWARE_GL);
  city = await cityMapFile();
  gateway = await startGateway({
    map: { file: city.file },
    dispatch: { recallSeconds: 0 },
    inspection: { afterMinutes: 0 },
  });
  await addCameras(gateway.file, CAMERAS);
  agent = await FieldAgent.connect(gateway.mqttUrl, await gateway.addAgent(AGENT_NAME));
  agent.afterRepair = { ...agent.afterRepair, picture: await streetPicture(31) };
  await agent.status();
  admin = await TestOperator.login(gateway.consoleUrl, gateway.login.username, gateway.login.password);
}, 120_000);
afterAll(async () => {
  await agent?.end();
  await gateway?.stop();
  await city?.end();
  await browser?.close();
});

async function heapMiB(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / MIB;
}

test(
  'for as long as it is looked at the wall shows each ticket go its way, through gateways that are killed, and needs no more memory',
  async () => {
    const { body } = await admin.post('/api/walls', { name: 'lobby' });
    const url = new URL(`${body.path}`, gateway.consoleUrl);
    url.search = '?lang=en';
    const { page, elsewhere } = await openPage(browser, url.href, { width: 1920, height: 1080 });
    await page.locator('.camera-count', { hasText: String(CAMERAS) }).waitFor();
    const session = await page.context().newCDPSession(page);
    /** The case to which something happened last is on top. */
    const top = (place: string, step: string) =>
      page.locator('.case:first-child', { hasText: place }).locator(step).waitFor();

    const until = Date.now() + MINUTES * 60_000;
    let warmMiB = 0;
    let tickets = 0;
    for (; tickets <= WARM || Date.now() < until; tickets++) {
      const { camera, position, name } = cityCamera(FIRST_CAMERA + (tickets % OWN_CAMERAS));
      const seed = tickets % 31;
      const picture = await streetPicture(seed);
      await agent.sees({ camera, damageClass: 'pothole', box: holeBox(seed), picture, size: SIZE, position });
      await top(name.en, 'li.proven.ahead');
      const ticket = await admin.dispatch();
      for (const command of ['accept', 'arrive', 'repair'])
        await admin.post(`${ticket}/transitions`, { command });
      await top(name.en, 'li.proven:not(.ahead)');
      const closing = { command: 'close', reason: 'seen whole by the camera', outcome: 'repaired' };
      const { status } = await admin.post(`${ticket}/transitions`, closing);
      expect(status).toBe(200);
      if (tickets === WARM) warmMiB = await heapMiB(session);
      if (tickets % LIFE !== LIFE - 1) continue;
      await gateway.restart(async () => {
        await page.getByText('Connection lost').waitFor();
      });
      await agent.reconnected();
      await page.getByText('Connection lost').waitFor({ state: 'detached' });
      await page.locator('.tile.old').first().waitFor({ state: 'detached' });
    }
    const growth = (await heapMiB(session)) - warmMiB;
    console.log(JSON.stringify({ minutes: MINUTES, tickets, warmMiB, growthMiB: growth }));
    expect(growth).toBeLessThan(GROWTH_MIB);
    expect(elsewhere).toEqual([]);
    await closePage(page);
  },
  (MINUTES + 20) * 60_000,
);
