/** What a citizen has reported, on the desk of an operator and on the page of its ticket. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestOperator } from '../../gateway/testing/operator.ts';
import { startBrowser } from './support/browser.ts';
import { atHand, type DeskSetup, queueOf, setUpDesk } from './support/desk.ts';

let browser: Browser;
let desk: DeskSetup;
beforeAll(async () => {
  browser = await startBrowser();
  desk = await setUpDesk(browser, { dispatch: { recallSeconds: 0 }, open311: { enabled: true } });
});
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

test('a report stands in the queue by its address, shows its words instead of a picture, and is dispatched by Enter', async () => {
  const { consoleUrl, login } = desk.gateway;
  const admin = await TestOperator.login(consoleUrl, login.username, login.password);
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const made = await admin.post('/api/tokens', { name: 'app', scopes: ['requests:write'], expiresAt });
  const { page, errors, elsewhere } = await desk.open();
  const words = 'A hole <b>by</b> the bus stop';
  await fetch(new URL('/open311/v2/requests.json', consoleUrl), {
    method: 'POST',
    body: new URLSearchParams({
      api_key: made.body.token,
      service_code: 'pothole',
      address_string: '12 Jianghan Road',
      description: words,
      media_url: 'https://example.org/photo.jpg',
    }),
  });
  await atHand(page, 'Citizen report');
  expect(await queueOf(page, 1)).toEqual(['12 Jianghan Road']);
  expect(await page.locator('.stage blockquote').innerText()).toBe(words);
  expect(await page.locator('.stage img, .stage image').count()).toBe(0);
  await page.keyboard.press('l');
  expect(await page.locator('.live').count()).toBe(0);
  await page.keyboard.press('Enter');
  await page.locator('.recall', { hasText: 'dispatched' }).waitFor();
  await page.getByRole('link', { name: 'Tickets', exact: true }).click();
  await page.getByRole('link', { name: /^RW-/ }).click();
  await page.locator('dd.words', { hasText: '12 Jianghan Road' }).waitFor();
  expect(await page.getByRole('link', { name: 'Look at the scene' }).count()).toBe(0);
  expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
});
