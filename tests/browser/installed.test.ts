/** The console as a program of its own: a browser finds all that it needs to install it, and it says when it is out of date. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { closePage, openPage, signIn, startBrowser } from './support/browser.ts';
import { type RunningGateway, startGateway } from './support/gateway.ts';

let browser: Browser;
let gateway: RunningGateway;
beforeAll(async () => {
  browser = await startBrowser();
  gateway = await startGateway();
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

async function open(locale = 'en-GB') {
  const watched = await openPage(browser, gateway.consoleUrl, { locale });
  onTestFinished(() => closePage(watched.page));
  return watched;
}

test('Chromium finds nothing that keeps the console from being installed', async () => {
  const { page, errors } = await open();
  const devtools = await page.context().newCDPSession(page);
  const manifest = await devtools.send('Page.getAppManifest');
  expect(manifest.errors).toEqual([]);
  expect(JSON.parse(manifest.data as string).name).toBe('路况哨兵 Roadwatch');
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // The windows of a test are private ones, which install nothing.
  expect(installabilityErrors.map(({ errorId }) => errorId)).toEqual(['in-incognito']);
  expect(errors).toEqual([]);
});

test.each([
  ['en-GB', 'The gateway has a newer version of this page.', 'Load it'],
  ['zh-CN', '网关已升级，本页面为旧版本。', '刷新'],
])(
  'a page that is older than its gateway says so in %s and loads the newer one when it is told to',
  async (locale, said, button) => {
    const { page } = await open(locale);
    await signIn(page, gateway.login);
    const script = (await page.locator('script[src]').first().getAttribute('src')) as string;
    const newer = script.replace(/index-[^.]+/, 'index-newer');
    expect(newer).not.toBe(script);
    expect(await page.locator('.outdated').count()).toBe(0);
    // What the gateway of the next version serves.
    await page.route(gateway.consoleUrl, async (route) => {
      const answer = await route.fetch();
      return route.fulfill({ response: answer, body: (await answer.text()).replace(script, newer) });
    });
    await page.route(new URL(newer, gateway.consoleUrl).href, async (route) =>
      route.fulfill({ response: await route.fetch({ url: new URL(script, gateway.consoleUrl).href }) }),
    );
    await gateway.restart(() => page.locator('.line-down').waitFor());
    await page.getByText(said).waitFor();
    await page.getByRole('button', { name: button }).click();
    await page.locator(`script[src="${newer}"]`).waitFor({ state: 'attached' });
    await page.locator('header.top nav').waitFor();
    expect(await page.locator('.outdated').count()).toBe(0);
  },
);

test('which version it is stands where one signs in, and on one’s account', async () => {
  const { page } = await open();
  await page.getByText(/^Roadwatch \d+\.\d+\.\d+/).waitFor();
  await signIn(page, gateway.login);
  await page.locator('a.who').click();
  await page
    .locator('main')
    .getByText(/^Roadwatch \d+\.\d+\.\d+/)
    .waitFor();
});
