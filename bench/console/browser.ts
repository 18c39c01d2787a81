/** An operator's browser: signs in, opens the desk anew, and measures from inside the page. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { GatewayProcess } from '../gateway/gateway-process.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const TIMEOUT_MS = 60_000;

/** Without a graphics card maps are drawn by the processor (SwiftShader). */
const SOFTWARE_GL = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

export async function startBrowser({ maps = false } = {}): Promise<Browser> {
  const executablePath = PLACES.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("no browser: install Debian's package chromium");
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', ...(maps ? SOFTWARE_GL : [])],
  });
}

type Kept = Awaited<ReturnType<BrowserContext['storageState']>>;

/** What a browser keeps of a login. */
export async function signIn(
  browser: Browser,
  { consoleUrl, operator }: Pick<GatewayProcess, 'consoleUrl' | 'operator'>,
): Promise<Kept> {
  const context = await browser.newContext();
  const page = await context.newPage();
  // Not where the desk is: it would pull an alert, and hold it after this browser has gone.
  await page.goto(new URL('/account', consoleUrl).href, { timeout: TIMEOUT_MS });
  await page.locator('input[name=username]').fill(operator.username);
  await page.locator('input[name=password]').fill(operator.password);
  await page.locator('form button[type=submit]').click();
  await page.locator('nav').first().waitFor({ timeout: TIMEOUT_MS });
  const kept = await context.storageState();
  await context.close();
  return kept;
}

/** A browser that has never been here but is signed in; resolves once the first alert can be judged, with the seconds that took. */
export async function coldOpen(
  browser: Browser,
  consoleUrl: string,
  kept: Kept,
): Promise<{ readonly page: Page; readonly seconds: number }> {
  const context = await browser.newContext({ storageState: kept, viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  const begin = performance.now();
  await page.goto(consoleUrl, { waitUntil: 'commit' });
  await page.locator('.stage[data-ready="true"]').waitFor();
  return { page, seconds: (performance.now() - begin) / 1000 };
}

/**
 * From the key's own time stamp to the frame after which the next alert's picture, loaded and decoded, is on the screen. As text:
 * it is run in the page.
 */
const KEY_TO_PAINT = `(() => {
  window.keyToPaint = [];
  addEventListener('keydown', (event) => {
    if (event.key === 'n') return;
    const before = document.querySelector('.picture image')?.getAttribute('href');
    const painted = () => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.keyToPaint.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0);
    };
    let pending = null;
    const look = () => {
      const href = document.querySelector('.picture image')?.getAttribute('href');
      if (href && href !== before && href !== pending) {
        pending = href;
        const picture = new Image();
        picture.src = href;
        picture.decode().then(() => requestAnimationFrame(painted), () => {});
        return;
      }
      if (performance.now() - event.timeStamp < 10_000) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
})()`;

export function measureKeys(page: Page): Promise<unknown> {
  return page.evaluate(KEY_TO_PAINT);
}

export function keyToPaint(page: Page): Promise<readonly number[]> {
  return page.evaluate<readonly number[]>('window.keyToPaint');
}

/** Mebibytes that the page's scripts hold after what nobody needs has been thrown away. */
export async function heapMib(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1024 ** 2;
}
