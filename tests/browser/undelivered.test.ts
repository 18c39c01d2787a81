/** A ticket that its unit's own system does not take, on the console, until it does. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { atHand, setUpDesk } from './support/desk.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

test('the operator reads why a bureau refused the order, and sends it again once that is mended', async () => {
  let status = 422;
  const bureau = createServer((request, response) => {
    request.resume();
    response.writeHead(status).end(status === 422 ? 'unknown class D40' : '');
  }).listen(0, '127.0.0.1');
  await once(bureau, 'listening');
  onTestFinished(() => void bureau.close());
  const address = bureau.address() as { readonly port: number };
  const webhook = { url: `http://127.0.0.1:${address.port}/`, secret: 'x'.repeat(24) };
  const unit = { id: 'bureau', name: { en: 'Bureau', zh: '城管局' }, default: true, webhook };
  const desk = await setUpDesk(browser, { dispatch: { recallSeconds: 0 }, units: [unit] });
  onTestFinished(() => desk.stop());
  await desk.seesHole('binsheng-rd');
  const { page } = await desk.open();
  await atHand(page, 'Binsheng Road');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Tickets', exact: true }).click();
  await page.getByRole('link', { name: /^RW-/ }).click();
  await page.getByText('422 unknown class D40').first().waitFor();
  status = 200;
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByRole('button', { name: 'Send again' }).waitFor({ state: 'detached' });
  await page.locator('h1 ~ .mark', { hasText: 'Dispatched' }).waitFor();
  await expect.poll(() => page.getByText('Not delivered').count()).toBe(0);
});
