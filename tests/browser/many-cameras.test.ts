/** Choosing a camera of thousands, and drawing an area among them: the gateway is asked, and the page never has them all. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { closePage, openPage, type PageOptions, signIn, startBrowser } from './support/browser.ts';
import { addCameras, cityCamera } from './support/city.ts';
import { type RunningGateway, startGateway } from './support/gateway.ts';

const CAMERAS = 3_000;
/** Of one answer about cameras. */
const MAX_BYTES = 100_000;
const keyOf = (n: number): string => `binjiang/${cityCamera(n).agent}/${cityCamera(n).camera}`;

let browser: Browser;
let gateway: RunningGateway;
beforeAll(async () => {
  browser = await startBrowser();
  gateway = await startGateway();
  await addCameras(gateway.file, CAMERAS);
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** `large`: what was answered about cameras that is larger than anything that a page needs. */
async function open(path: string, options: PageOptions = {}) {
  const { page, errors } = await openPage(browser, gateway.consoleUrl, options);
  onTestFinished(() => closePage(page));
  await signIn(page, gateway.login);
  const large: string[] = [];
  page.on('response', (answer) => {
    const { pathname, search } = new URL(answer.url());
    if (!/^\/api\/camera/.test(pathname)) return;
    void answer.body().then(
      (body) => {
        if (body.length > MAX_BYTES) large.push(`${pathname}${search}: ${body.length}`);
      },
      // Of a page that was left before it had come.
      () => {},
    );
  });
  await page.goto(new URL(path, gateway.consoleUrl).href);
  return { page, errors, large };
}

const field = (page: Page) => page.locator('.camera-field input');
const options = (page: Page) => page.locator('.cameras-found [role=option]');
const query = (page: Page): string | null => new URL(page.url()).searchParams.get('camera');

const WORDS = {
  'en-GB': { name: cityCamera(1234).name.en, none: 'No camera is called so.', more: 'There are more' },
  'zh-CN': { name: cityCamera(1234).name.zh, none: '没有此名称的摄像机。', more: '还有更多' },
} as const;

test.each([
  ['tickets', '/tickets', 'en-GB'],
  ['verdicts', '/verdicts', 'zh-CN'],
] as const)(
  'a camera is sought by its name among the filters of %s, in either language',
  async (_name, path, locale) => {
    const words = WORDS[locale];
    const { page, errors, large } = await open(`${path}?camera=${keyOf(77)}`, { locale });
    const language = locale === 'en-GB' ? 'en' : 'zh';
    await expect.poll(() => field(page).inputValue()).toBe(cityCamera(77).name[language]);
    await field(page).fill('no-such-camera');
    await page.getByText(words.none).waitFor();
    await field(page).fill('cam-12');
    await page.getByText(words.more).waitFor();
    expect(await options(page).count()).toBe(8);
    expect(await options(page).first().innerText()).toContain('cam-12');
    await field(page).fill(words.name);
    await options(page)
      .filter({ hasText: keyOf(1234) })
      .click();
    await expect.poll(() => query(page)).toBe(keyOf(1234));
    await expect.poll(() => field(page).inputValue()).toBe(words.name);

    // What is typed and left is forgotten; what is emptied asks for all.
    await field(page).fill('cam-9');
    await options(page).first().waitFor();
    await field(page).blur();
    expect(await options(page).count()).toBe(0);
    expect(await field(page).inputValue()).toBe(words.name);
    await field(page).fill('');
    await expect.poll(() => query(page)).toBeNull();
    expect(await field(page).inputValue()).toBe('');
    await field(page).fill(keyOf(1234));
    await options(page).first().click();
    await expect.poll(() => query(page)).toBe(keyOf(1234));
    await page.locator('search .quiet').click();
    await expect.poll(() => query(page)).toBeNull();
    await expect.poll(() => field(page).inputValue()).toBe('');
    expect([errors, large]).toEqual([[], []]);
  },
);

test('at the desk it is chosen by keys alone, said by its name, and Escape closes the list before the form', async () => {
  const { page, errors, large } = await open('/');
  await page.locator('.queue').waitFor();
  await page.keyboard.press('f');
  await field(page).focus();
  await page.keyboard.type('cam-200');
  await options(page).first().waitFor();
  await page.keyboard.press('Escape');
  await options(page).first().waitFor({ state: 'detached' });
  expect(await page.locator('.finding').count()).toBe(1);
  await page.keyboard.type('0');
  await options(page).first().waitFor();
  await page.keyboard.press('ArrowDown');
  expect(await options(page).first().getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Enter');
  await page.locator('.filter-words', { hasText: `Only: ${cityCamera(2000).name.en}` }).waitFor();
  expect(query(page)).toBe(keyOf(2000));
  await field(page).fill('');
  await page.locator('.filter-words').waitFor({ state: 'detached' });
  await page.goBack();
  await expect.poll(() => field(page).inputValue()).toBe(cityCamera(2000).name.en);
  await page.keyboard.press('Escape');
  await page.locator('.finding').waitFor({ state: 'detached' });
  expect([errors, large]).toEqual([[], []]);
});

test('an address that names no camera, or one of which nothing was ever heard, is shown as it stands', async () => {
  const { page } = await open('/tickets?camera=binjiang/edge-1/gone');
  await expect.poll(() => field(page).inputValue()).toBe('binjiang/edge-1/gone');
  await page.goto(new URL('/tickets?camera=<b>&unit=', gateway.consoleUrl).href);
  await expect.poll(() => field(page).inputValue()).toBe('<b>');
});

test('an area is drawn among the cameras that are in view; where these are too many, that is said', async () => {
  const { page, errors, large } = await open('/admin/units');
  await page.locator('.unit').getByRole('button', { name: 'Edit' }).first().click();
  await page.locator('fieldset.area').getByRole('button', { name: 'Draw' }).click();
  const places = page.locator('.area-editor .place');
  await page.getByText(`${CAMERAS} cameras are here, too many to show: look nearer.`).waitFor();
  expect(await places.count()).toBe(0);
  const corner = page.locator('.area-editor .corner');
  await page.locator('.area-editor svg').click();
  await corner.waitFor();
  await page.getByRole('button', { name: 'Nearer' }).click();
  await page.getByRole('button', { name: 'Nearer' }).click();
  await places.first().waitFor();
  const [shown, wide] = [await places.count(), page.getByRole('button', { name: 'Wider' })];
  expect(shown).toBeLessThan(1_000);
  expect(await page.getByText('too many to show').count()).toBe(0);
  // What was drawn in the middle stays where it is on the ground, and is what is looked at nearer.
  expect(Math.round(Number(await corner.getAttribute('cx')))).toBe(300);
  await wide.click();
  await wide.click();
  await page.getByText(/\d+ cameras are here, too many to show/).waitFor();
  expect(await places.count()).toBe(0);
  expect([errors, large]).toEqual([[], []]);
});
