/** A gateway whose disk is full, as the operator reads it. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished, test } from 'vitest';
import { mountSmallDisk, type SmallDisk } from '../../gateway/testing/small-disk.ts';
import { startBrowser } from './support/browser.ts';
import { atHand, setUpDesk } from './support/desk.ts';

let browser: Browser;
let disk: SmallDisk | null = null;
beforeAll(async () => {
  browser = await startBrowser();
  disk = mountSmallDisk(64);
});
afterAll(async () => {
  await browser?.close();
  disk?.unmount();
});

test('the desk says in words, in both languages, that nothing can be saved, and when it can again', async ({
  skip,
}) => {
  if (disk === null) return skip('only root may mount a small disk');
  const desk = await setUpDesk(browser, { dataDir: disk.path, dispatch: { recallSeconds: 0 } });
  onTestFinished(() => desk.stop());
  await desk.seesHole('binsheng-rd');
  const { page } = await desk.open();
  await atHand(page, 'Binsheng Road');
  disk.fill();
  await page.keyboard.press('Enter');
  await page.getByText('disk is full: nothing can be saved').first().waitFor();
  await page.getByRole('banner').getByText('disk is full').waitFor();
  await page.locator('[data-switch=language]').click();
  await page.getByRole('banner').getByText('磁盘已满').waitFor();
  disk.makeRoom();
  await page.getByRole('banner').getByText('磁盘已满').waitFor({ state: 'detached' });
  await page.locator('[data-switch=language]').blur();
  await page.keyboard.press('Enter');
  await page.locator('.queue .item').waitFor({ state: 'detached' });
});
