/** Debian's Chromium, and a page that remembers what must not happen: errors, and requests to anywhere else. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** WebGL without a graphics card: the processor draws. */
export const SOFTWARE_GL = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];

/** `more`: switches of Chromium. */
export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = PLACES.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error(`no browser: install Debian's package chromium (looked at ${PLACES.join(', ')})`);
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...more] });
}

/** For a machine that does much else. */
const TIMEOUT_MS = 20_000;

export interface Watched {
  readonly page: Page;
  /** Errors on the browser's console and uncaught ones. */
  readonly errors: string[];
  /** Addresses asked for that are not the gateway's. */
  readonly elsewhere: string[];
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** A screen for fingers. */
  readonly hasTouch?: boolean;
  /** Of the screen, as an IANA name; left out, this machine's. */
  readonly timezoneId?: string;
}

export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<Watched> {
  const { width = 1366, height = 768, locale = 'en-GB', colorScheme = 'light', hasTouch = false } = options;
  const zone = options.timezoneId === undefined ? {} : { timezoneId: options.timezoneId };
  const viewport = { width, height };
  const context = await browser.newContext({ viewport, locale, colorScheme, hasTouch, ...zone });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  const errors: string[] = [];
  const elsewhere: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.protocol !== 'data:' && asked.origin !== new URL(url).origin) elsewhere.push(request.url());
  });
  await page.goto(url);
  return { page, errors, elsewhere };
}

/** Ends the page with all that it holds open. What a test answers in the gateway's place may be under way just then. */
export async function closePage(page: Page): Promise<void> {
  if (!page.isClosed()) await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().close();
}

export async function signIn(
  page: Page,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<void> {
  await page.locator('input[name=username]').fill(username);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form button[type=submit]').click();
  await page.locator('nav').first().waitFor();
}
