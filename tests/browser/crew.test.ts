/** A crew's telephone: its link in a real browser, on a page that works without a word of explanation. */

import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { closePage, openPage, startBrowser } from './support/browser.ts';
import { atHand, type DeskSetup, setUpDesk } from './support/desk.ts';
import { sizeOfLastPicture } from './support/in-page.ts';

let browser: Browser;
let desk: DeskSetup;
beforeAll(async () => {
  browser = await startBrowser();
  desk = await setUpDesk(browser, { dispatch: { recallSeconds: 0 } });
});
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

async function crewLink(): Promise<string> {
  const { page } = await desk.open();
  await desk.seesHole('binsheng-rd');
  await atHand(page, 'Binsheng Road');
  await page.keyboard.press('Enter');
  await page.locator('.recall', { hasText: 'dispatched' }).waitFor();
  await page.getByRole('link', { name: 'Tickets', exact: true }).click();
  await page.locator('tr', { hasText: 'Binsheng Road' }).locator('a').first().click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  return page.getByLabel('Address of the link').inputValue();
}

test('a photograph is made small enough for a slow line before it is sent, and lies the right way up', async () => {
  const { page, errors } = await openPage(browser, await crewLink(), { width: 390, height: 844 });
  onTestFinished(() => closePage(page));
  await page.getByRole('button', { name: 'We are on site' }).click();
  await page.getByText('On site').first().waitFor();

  // Noise, as it makes large files; on its side, as telephones store pictures taken upright.
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const photo = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#777', noise } })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 90 })
    .toBuffer();
  const form = page.locator('form[action^="repair"]');
  await form
    .locator('input[type=file]')
    .setInputFiles({ name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer: photo });
  const parts: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') parts.push(request.postDataBuffer()?.length ?? 0);
  });
  await form.getByRole('button', { name: 'Repaired' }).click();
  await page.getByText('Sent.').waitFor();
  const bytes = parts.reduce((sum, part) => sum + part, 0);
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThan(photo.length / 2);

  // As the gateway keeps it: behind the small one.
  await page.reload();
  const whole = await page
    .locator('a:has(img)')
    .last()
    .evaluate((link: { href: string }) => link.href);
  // The browser's own page around a picture is not ours.
  expect(errors).toEqual([]);
  await page.goto(whole);
  expect(await sizeOfLastPicture(page)).toEqual([1920, 2560]);
});
