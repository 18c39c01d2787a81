/** The wall as a visitor sees it: a road breaks, is sent out, mended and proven, while gateways come and go. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { TestOperator } from '../../gateway/testing/operator.ts';
import { closePage, openPage, SOFTWARE_GL, startBrowser, type Watched } from './support/browser.ts';
import { addCameras, cityCamera, cityMapFile } from './support/city.ts';
import { AGENT_NAME, FieldAgent } from './support/field-agent.ts';
import { type RunningGateway, startGateway } from './support/gateway.ts';
import { textsOnScreen } from './support/in-page.ts';
import { hanWords } from './support/languages.ts';
import { holeBox, SIZE, streetPicture } from './support/street-picture.ts';

const SEEING = cityCamera(52);

let browser: Browser;
let gateway: RunningGateway;
let agent: FieldAgent;
let city: Awaited<ReturnType<typeof cityMapFile>>;
let operator: TestOperator;

beforeAll(async () => {
  browser = await startBrowser(SOFTWARE_GL);
  city = await cityMapFile();
  gateway = await startGateway({
    map: { file: city.file },
    dispatch: { recallSeconds: 0 },
    inspection: { afterMinutes: 0 },
  });
  await addCameras(gateway.file, 200);
  agent = await FieldAgent.connect(gateway.mqttUrl, await gateway.addAgent(AGENT_NAME));
  agent.afterRepair = { ...agent.afterRepair, picture: await streetPicture(31) };
  await agent.status();
  operator = await TestOperator.login(gateway.consoleUrl, gateway.login.username, gateway.login.password);
}, 120_000);
afterAll(async () => {
  await agent?.end();
  await gateway?.stop();
  await city?.end();
  await browser?.close();
});

let walls = 0;
async function openWall(language = ''): Promise<Watched & { readonly id: string }> {
  const { body } = await operator.post('/api/walls', { name: `screen-${++walls}` });
  const url = new URL(body.path as string, gateway.consoleUrl);
  url.search = language === '' ? '' : `?lang=${language}`;
  const watched = await openPage(browser, url.href, { width: 1920, height: 1080 });
  onTestFinished(() => closePage(watched.page));
  return { ...watched, id: body.wall.id };
}

/** Waits until it reads so. */
const figure = (page: Page, step: string, text: string) =>
  page.locator(`.step.${step} .step-value`, { hasText: new RegExp(`^${text}$`) }).waitFor();

test('a visitor sees a broken road, one click, an answer, the crew, and the same camera proving it whole', async () => {
  const { page, errors, elsewhere } = await openWall('en');
  await page.getByText('Every ticket is answered').waitFor();
  await page.locator('.camera-count', { hasText: '200' }).waitFor();
  const { camera, position } = SEEING;
  const picture = await streetPicture(1);
  await agent.sees({ camera, damageClass: 'pothole', box: holeBox(1), picture, size: SIZE, position });
  const row = page.locator('.case', { hasText: SEEING.name.en });
  await row.waitFor();
  await page.locator('.map-pulse').waitFor();
  await figure(page, 'seen', '1');

  const ticket = await operator.dispatch();
  await page.locator('.big-clock', { hasText: /(30:00|29:\d\d)/ }).waitFor();
  await row.locator('li.dispatched:not(.ahead)').waitFor();
  const give = (command: string) => operator.post(`${ticket}/transitions`, { command });
  await give('accept');
  await page.getByText('Every ticket is answered').waitFor();
  await figure(page, 'answered', '1/1');
  await give('arrive');
  await row.locator('li.arrived:not(.ahead)').waitFor();
  await give('repair');
  await row.locator('li.proven:not(.ahead)').waitFor();
  await page.locator('.pair .before image').waitFor();
  await page.locator('.pair .after image').waitFor();
  await figure(page, 'proven', '1');

  const texts = await textsOnScreen(page);
  expect(texts).not.toContain(gateway.login.username);
  expect(hanWords(texts.replace('路况哨兵 Roadwatch', ''))).toEqual([]);
  expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
}, 120_000);

test('both languages stand on it together unless its address names one', async () => {
  const { page } = await openWall();
  await page.getByText('摄像机发现路面病害').waitFor();
  await page.getByText('A camera sees a broken road').waitFor();
  const one = await openWall('zh');
  await one.page.getByText('摄像机发现路面病害').waitFor();
  expect(await one.page.getByText('A camera sees a broken road').count()).toBe(0);
});

test('a screen that is ended goes dark by itself and says why', async () => {
  const { page, id } = await openWall();
  await page.locator('.steps').waitFor();
  const answer = await fetch(new URL(`/api/walls/${id}`, gateway.consoleUrl), {
    method: 'DELETE',
    headers: operator.headers,
  });
  expect(answer.status).toBe(204);
  await page.getByText('此屏幕已停用').waitFor();
  expect(await page.locator('.tile').count()).toBe(0);
});

test('while the gateway is gone every tile goes grey and says how old it is; all comes back with it', async () => {
  const { page } = await openWall('en');
  await page.locator('.steps').waitFor();
  await page.locator('.camera-count').waitFor();
  expect(await page.locator('.tile.old').count()).toBe(0);
  await gateway.restart(async () => {
    await page.getByText('Connection lost').waitFor();
    for (const tile of ['figures', 'feed', 'map', 'unanswered', 'proof'])
      await page.locator(`.tile.${tile}.old .tile-age`, { hasText: 'Data is old: 1' }).waitFor();
  });
  for (const tile of ['figures', 'feed', 'map', 'unanswered', 'proof'])
    await page.locator(`.tile.${tile}:not(.old)`).waitFor();
  await page.getByText('Connection lost').waitFor({ state: 'detached' });
}, 120_000);

test('a page of an older version loads itself anew', async () => {
  const { page } = await openWall();
  await page.locator('.steps').waitFor();
  const script = (await page.locator('script[src]').getAttribute('src')) as string;
  const old = script.replace(/wall-[^.]+/, 'wall-older');
  // As a browser has it that was opened before the gateway was changed.
  let served = 0;
  await page.route('**/wall', async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    return route.fulfill({ response: answer, body: served++ === 0 ? text.replace(script, old) : text });
  });
  await page.route(new URL(old, gateway.consoleUrl).href, async (route) =>
    route.fulfill({ response: await route.fetch({ url: new URL(script, gateway.consoleUrl).href }) }),
  );
  await page.reload();
  await page.locator(`script[src="${script}"]`).waitFor({ state: 'attached' });
  await page.locator('.steps').waitFor();
  expect(served).toBeGreaterThan(1);
});

test('an address without a token says so', async () => {
  const { page } = await openPage(browser, new URL('/wall?lang=en', gateway.consoleUrl).href);
  onTestFinished(() => closePage(page));
  await page.getByText('This address has no token of a screen').waitFor();
});
