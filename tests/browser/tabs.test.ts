/** One person with many tabs of the console over plain HTTP/1.1, of which a browser opens six connections to one server. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { type DeskSetup, queueOf, setUpDesk } from './support/desk.ts';

const TABS = 9;

let browser: Browser;
let desk: DeskSetup;
beforeAll(async () => {
  browser = await startBrowser();
  desk = await setUpDesk(browser);
});
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

test('nine tabs load, hear of what happens, and go on when the first is closed', async () => {
  const { page: first } = await desk.open();
  const tabs = [first];
  while (tabs.length < TABS) {
    const tab = await first.context().newPage();
    await tab.goto(desk.gateway.consoleUrl);
    await tab.getByText('Nothing to verify').waitFor();
    tabs.push(tab);
  }
  await desk.seesHole('binsheng-rd');
  for (const tab of tabs) expect(await queueOf(tab, 1)).toEqual(['Binsheng Road']);

  await first.close();
  await desk.seesHole('wentao-rd');
  for (const tab of tabs.slice(1)) expect(await queueOf(tab, 2)).toEqual(['Binsheng Road', 'Wentao Road']);
  for (const tab of tabs.slice(1)) expect(await tab.getByRole('alert').count()).toBe(0);
});

test('a tab whose worker could not be loaded says that the line is down, and hears again once it can be', async () => {
  const { page } = await desk.open();
  let away = true;
  await page.context().route(/events-worker/, (route) => (away ? route.abort() : route.continue()));
  await page.reload();
  await page.getByText('Connection to the gateway lost.').waitFor();
  away = false;
  await page.getByText('Connection to the gateway lost.').waitFor({ state: 'detached' });
});

test('what happens while a tab is still loading its worker is on the screen all the same', async () => {
  const { page } = await desk.open();
  const asked = Promise.withResolvers<void>();
  const sent = Promise.withResolvers<void>();
  await page.context().route(/events-worker/, async (route) => {
    asked.resolve();
    await sent.promise;
    await route.continue();
  });
  const loaded = page.waitForResponse((answer) => answer.url().includes('/api/alerts?state=new'));
  await page.reload();
  await (await loaded).finished();
  await asked.promise;
  const before = await page.locator('.queue .item').count();
  await desk.seesHole('binsheng-rd');
  sent.resolve();
  await queueOf(page, before + 1);
});
