/** Finding at the desk: what is looked for is an address, in words, and all that this desk is given. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { atHand, type DeskSetup, queueOf, setUpDesk } from './support/desk.ts';

let browser: Browser;
let desk: DeskSetup;
beforeAll(async () => {
  browser = await startBrowser();
  desk = await setUpDesk(browser, { dispatch: { recallSeconds: 1 } });
  for (const camera of ['binsheng-rd', 'wentao-rd', 'binsheng-rd', 'wentao-rd'] as const)
    await desk.seesHole(camera);
});
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

async function chosen(page: Page, camera: string): Promise<void> {
  await page.locator('.finding [name=camera]').fill(camera);
  await page.locator('.finding').getByRole('option', { name: camera }).click();
}

test('F opens the form; what is looked for is said, is an address, and A shows all again', async () => {
  const { page, errors } = await desk.open();
  await atHand(page, 'Binsheng Road');
  await page.keyboard.press('a');
  await page.locator('.denied', { hasText: 'Everything that waits is shown already' }).waitFor();
  await page.keyboard.press('f');
  await chosen(page, 'Wentao Road');
  await page.locator('.filter-words', { hasText: 'Only: Wentao Road' }).waitFor();
  await atHand(page, 'Wentao Road');
  expect(await queueOf(page, 2)).toEqual(['Wentao Road', 'Wentao Road']);
  await page.locator('.filter-words', { hasText: '4 wait in all' }).waitFor();

  // Words as a person knows the camera by, in the other language, too.
  await page.locator('.finding [name=text]').fill('滨盛');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing like that waits').waitFor();
  await page.goBack();
  await atHand(page, 'Wentao Road');
  await page.goBack();
  await page.locator('.filter-words').waitFor({ state: 'detached' });
  expect(await queueOf(page, 4)).toHaveLength(4);
  await page.goForward();
  await atHand(page, 'Wentao Road');

  // The form has the keyboard until it is closed.
  await page.locator('.finding [name=text]').press('Escape');
  await page.locator('.finding').waitFor({ state: 'detached' });
  await page.keyboard.press('a');
  await page.locator('.filter-words').waitFor({ state: 'detached' });
  await atHand(page, 'Binsheng Road');
  expect(errors).toEqual([]);
});

test('an address that somebody sends opens that part of the queue, and only that is given out', async () => {
  const { page } = await desk.open();
  const address = new URL('/?camera=binjiang/edge-1/wentao-rd', desk.gateway.consoleUrl).href;
  await page.goto(address);
  await atHand(page, 'Wentao Road');
  await page.keyboard.press('Enter');
  await page.locator('.recall', { hasText: 'Ticket' }).waitFor();
  await atHand(page, 'Wentao Road');
  await page.keyboard.press('Enter');
  // Two of another camera wait, but not for this desk.
  await page.getByText('Nothing like that waits').waitFor();
  await page.locator('.filter-words', { hasText: '2 wait in all' }).waitFor();
  await desk.seesHole('binsheng-rd');
  await page.locator('.filter-words', { hasText: '3 wait in all' }).waitFor();
  await desk.seesHole('wentao-rd');
  await atHand(page, 'Wentao Road');
});

test('what is over is found by its number and looked at, and nothing is given out meanwhile', async () => {
  const { page } = await desk.open();
  await page.goto(new URL('/?state=any&number=000001', desk.gateway.consoleUrl).href);
  await page.getByText('Choose an alert from the list').waitFor();
  const [row] = await page.locator('.queue .item').all();
  expect(await row?.innerText()).toContain('confirmed');
  await row?.click();
  await page.locator('.stage-note', { hasText: 'admin has judged this alert: confirmed' }).waitFor();
});

test('a number that cannot be one is refused where it is typed', async () => {
  const { page } = await desk.open();
  await page.keyboard.press('f');
  const field = page.locator('.finding [name=number]');
  await field.fill('RW%');
  await field.press('Enter');
  expect(new URL(page.url()).search).toBe('');
  expect(await page.locator('.finding [name=number]:invalid').count()).toBe(1);
});
