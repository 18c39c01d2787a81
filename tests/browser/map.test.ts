/** The map in a real browser, with a city of 20,000 cameras: what is drawn is where it is, a click goes to it, and it is live. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  closePage,
  openPage,
  type PageOptions,
  SOFTWARE_GL,
  signIn,
  startBrowser,
  type Watched,
} from './support/browser.ts';
import { addCameras, cityCamera, cityMapFile } from './support/city.ts';
import { AGENT_NAME, FieldAgent } from './support/field-agent.ts';
import { type RunningGateway, startGateway } from './support/gateway.ts';
import { holeBox, SIZE, streetPicture } from './support/street-picture.ts';

const CAMERAS = 20_000;
/** Of the agent that the test speaks for. */
const SEEING = cityCamera(52);

let browser: Browser;
let gateway: RunningGateway;
let agent: FieldAgent;
let city: Awaited<ReturnType<typeof cityMapFile>>;

beforeAll(async () => {
  browser = await startBrowser(SOFTWARE_GL);
  city = await cityMapFile();
  gateway = await startGateway({ map: { file: city.file }, dispatch: { recallSeconds: 0 } });
  await addCameras(gateway.file, CAMERAS);
  agent = await FieldAgent.connect(gateway.mqttUrl, await gateway.addAgent(AGENT_NAME));
  await agent.status();
}, 180_000);
afterAll(async () => {
  await agent?.end();
  await gateway?.stop();
  await city?.end();
  await browser?.close();
});

async function openMap(view = '', options: PageOptions = {}, by = browser): Promise<Watched> {
  const watched = await openPage(by, gateway.consoleUrl, options);
  onTestFinished(() => closePage(watched.page));
  await signIn(watched.page, gateway.login);
  await watched.page.goto(new URL(`/map${view}`, gateway.consoleUrl).href);
  return watched;
}

async function sees(seed: number): Promise<void> {
  const { camera, position } = SEEING;
  const picture = await streetPicture(seed);
  await agent.sees({ camera, damageClass: 'pothole', box: holeBox(seed), picture, size: SIZE, position });
}

/** Close to a camera, which is then in the middle. */
const viewOf = ({ position: { latitude, longitude } }: typeof SEEING, zoom: number): string =>
  `#${zoom}/${latitude}/${longitude}`;

/** Clicks above the middle of the map, once something can be picked there. */
async function clickMiddle(page: Page, above = 0): Promise<void> {
  const canvas = page.locator('canvas.maplibregl-canvas');
  const box = await canvas.boundingBox();
  if (box === null) throw new Error('no map');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2 - above];
  await expect
    .poll(
      async () => {
        await page.mouse.move(x + 1, y);
        await page.mouse.move(x, y);
        return page.evaluate('document.querySelector("canvas.maplibregl-canvas").style.cursor');
      },
      { timeout: 30_000 },
    )
    .toBe('pointer');
  await page.mouse.click(x, y);
}

test('20,000 cameras are on the map in groups that open; a click on one goes to it', async () => {
  const { page, errors, elsewhere } = await openMap(viewOf(SEEING, 11));
  await page.locator('.map-kinds button', { hasText: '20000' }).waitFor();
  await clickMiddle(page);
  const zoom = () => page.evaluate<number>('Number(location.hash.slice(1).split("/")[0])');
  await expect.poll(zoom, { timeout: 30_000 }).toBeGreaterThan(11);
  await page.goto(new URL(`/cameras`, gateway.consoleUrl).href);
  await page.goto(new URL(`/map${viewOf(SEEING, 19)}`, gateway.consoleUrl).href);
  await clickMiddle(page);
  await page.waitForURL(`**/cameras/${AGENT_NAME}/${SEEING.camera}`);
  expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
}, 120_000);

test('a new alert is in the list and on the map by itself, and goes when it is judged elsewhere', async () => {
  const { page, errors } = await openMap(viewOf(SEEING, 18.5));
  const alerts = (count: string) =>
    page
      .locator('.map-kinds button')
      .first()
      .locator('b')
      .and(page.locator(`:text-is("${count}")`))
      .waitFor();
  await alerts('0');
  await sees(1);
  await page.locator('.thing', { hasText: SEEING.name.en }).waitFor();
  await alerts('1');
  await clickMiddle(page, 26);
  await page.locator('.stage[data-ready="true"]').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.verdict.stored').waitFor();
  await page.goBack();
  await page.locator('.map-kinds button').nth(1).click();
  await page.locator('.thing', { hasText: /Response: \d+:\d\d/ }).waitFor();
  await alerts('0');
  expect(errors).toEqual([]);
}, 120_000);

test('a click on an alert opens that one, though another comes first', async () => {
  const other = cityCamera(53);
  await sees(2);
  const picture = await streetPicture(3);
  const { camera, position } = other;
  const box = holeBox(3);
  await agent.sees({ camera, damageClass: 'transverse_crack', box, picture, size: SIZE, position });
  const { page, errors } = await openMap(viewOf(other, 19));
  await page.locator('.thing', { hasText: other.name.en }).waitFor();
  await clickMiddle(page, 26);
  await page.locator('.stage-head h2', { hasText: other.name.en }).waitFor();
  await page.locator('.stage[data-ready="true"]').waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
  expect(errors).toEqual([]);
}, 120_000);

test('a camera is found by its name, and shown where it is', async () => {
  const { page } = await openMap();
  await page.locator('.map-kinds button').nth(2).click();
  await page.getByRole('searchbox').fill(cityCamera(12_345).name.en);
  await page.locator('.thing').first().getByRole('button', { name: 'Show on the map' }).click();
  await page.locator('.map-ring').waitFor();
  const { latitude, longitude } = cityCamera(12_345).position;
  const centre = () => page.evaluate<number[]>('location.hash.slice(1).split("/").slice(1).map(Number)');
  await expect.poll(async () => (await centre())[0], { timeout: 30_000 }).toBeCloseTo(latitude, 3);
  expect((await centre())[1]).toBeCloseTo(longitude, 3);
}, 120_000);

test('without WebGL that is said, and the list leads to everything by the keyboard alone', async () => {
  const plain = await startBrowser(['--disable-3d-apis']);
  onTestFinished(() => plain.close());
  const { page, errors } = await openMap('', { locale: 'zh-CN' }, plain);
  await page.getByText('此浏览器无法绘制地图').waitFor();
  const far = cityCamera(12_345);
  await page.locator('.map-kinds button', { hasText: '20000' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type(far.camera);
  await page.locator('.thing', { hasText: far.name.zh }).waitFor();
  await page.locator('.thing').nth(1).waitFor({ state: 'detached' });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/cameras/binjiang/${far.agent}/${far.camera}`);
  expect(errors).toEqual([]);
}, 120_000);
