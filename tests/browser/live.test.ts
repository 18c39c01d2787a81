/** Watching a camera in a real browser: its own video where that may be and can be played, another form otherwise, and the last picture. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { firstCamera, loggedIn, startedLoop } from '../support/loop.ts';
import { closePage, openPage, signIn, startBrowser } from './support/browser.ts';
import { setUpDesk } from './support/desk.ts';
import { coloursOfLive, framesShown } from './support/in-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
});

/** The page of the first camera's live view, on the whole of Roadwatch. */
async function watching(page: Page, form: 'fmp4' | 'mpeg1'): Promise<void> {
  await page.getByRole('link', { name: 'Live' }).first().click();
  await page.locator(`.live[data-phase="playing"][data-format="${form}"]`).waitFor();
}

test('a browser that plays H.264 shows the camera’s own moving video; one that does not, MPEG-1; both at once', async () => {
  const { loop, book } = await startedLoop(['scene:quiet']);
  await firstCamera(loop, await loggedIn(loop));
  const cameras = new URL('/cameras', loop.consoleUrl).href;
  const open = async (before = ''): Promise<Page> => {
    const { page, errors } = await openPage(browser, cameras);
    onTestFinished(async () => {
      expect(errors.filter((error) => !error.includes('401'))).toEqual([]);
      await closePage(page);
    });
    await page.addInitScript(before);
    await signIn(page, loop.login);
    await page.goto(cameras);
    return page;
  };
  const page = await open();
  await watching(page, 'fmp4');
  const shown = await framesShown(page);
  await expect.poll(() => framesShown(page), { timeout: 20_000 }).toBeGreaterThan(shown + 5);

  const plain = await open('delete window.MediaSource;');
  await watching(plain, 'mpeg1');
  expect(await coloursOfLive(plain)).toBeGreaterThan(50);
  await expect.poll(() => framesShown(page), { timeout: 20_000 }).toBeGreaterThan(shown + 20);

  await page.keyboard.press('Escape');
  await plain.keyboard.press('Escape');
  await book.next('agent', 'live view ended');
  await book.next('agent', 'live view ended');
}, 180_000);

test('a camera that cannot be watched shows its last picture, with its age, why, and what to do', async () => {
  const desk = await setUpDesk(browser);
  onTestFinished(() => desk.stop());
  await desk.seesHole('binsheng-rd');
  const reason = 'nothing came from the camera for 12 s';
  const name = { en: 'Binsheng Road', zh: '滨盛路' };
  await desk.agent.camera('binsheng-rd', name, { state: 'stalled', reason, code: 'camera_stalled' });
  desk.agent.streams = false;
  for (const [locale, live, said] of [
    [
      'en-GB',
      'Live',
      ['The camera does not stream.', `no picture: ${reason}`, 'It is tried again by itself'],
    ],
    ['zh-CN', '实况', ['摄像机没有视频流。', '不再收到画面。', '系统会自动重试']],
  ] as const) {
    const { page } = await desk.open({ locale });
    await page.goto(new URL('/cameras', desk.gateway.consoleUrl).href);
    await page.getByRole('link', { name: live }).first().click();
    for (const words of said) await page.locator('.live-note', { hasText: words }).waitFor();
    const still = page.locator('.live-still img');
    await expect
      .poll(() => still.evaluate((image) => (image as { naturalWidth?: number }).naturalWidth))
      .toBeGreaterThan(100);
    await page.locator('.live-still figcaption', { hasText: /\d/ }).waitFor();
  }

  await desk.agent.status(0, 'offline');
  const { page } = await desk.open();
  await page.goto(new URL('/cameras/binjiang/edge-1/binsheng-rd/live', desk.gateway.consoleUrl).href);
  await page.getByText('The agent of the camera is offline.').waitFor();
  await page.getByText('See whether the box has power and network').waitFor();
}, 120_000);

test('where the gateway ends a view because the line to it is too slow, the page says that in both languages', async () => {
  const desk = await setUpDesk(browser);
  onTestFinished(() => desk.stop());
  await desk.seesHole('binsheng-rd');
  for (const [locale, live, said] of [
    ['en-GB', 'Live', 'The line to this screen is too slow for the live view.'],
    ['zh-CN', '实况', '本机网络过慢，无法播放实况。'],
  ] as const) {
    const { page } = await desk.open({ locale });
    // As the gateway hangs up on a viewer that cannot follow.
    await page.routeWebSocket(/\/api\/live\//, (socket) => socket.close({ code: 1013, reason: 'too slow' }));
    await page.goto(new URL('/cameras', desk.gateway.consoleUrl).href);
    await page.getByRole('link', { name: live }).first().click();
    await page.locator('.live-note.over', { hasText: said }).waitFor();
    await page.locator('.live-note').getByRole('button').waitFor();
  }
}, 120_000);
