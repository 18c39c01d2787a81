/** A crew's telephone without a line: what it reports is kept, sent when the line is back, and never lost. */
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { TestOperator } from '../../gateway/testing/operator.ts';
import { closePage, openPage, startBrowser } from './support/browser.ts';
import { type DeskSetup, setUpDesk } from './support/desk.ts';

let browser: Browser;
let desk: DeskSetup;
let operator: TestOperator;
beforeAll(async () => {
  browser = await startBrowser();
  desk = await setUpDesk(browser, { dispatch: { recallSeconds: 0 } });
  const { username, password } = desk.gateway.login;
  operator = await TestOperator.login(desk.gateway.consoleUrl, username, password);
});
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

interface Order {
  /** Of the ticket, in the API. */
  readonly path: string;
  readonly page: Page;
  readonly errors: string[];
  newLink(): Promise<string>;
}

/** A telephone that has opened its order once, while there was a line. */
async function onSite(camera: 'binsheng-rd' | 'wentao-rd'): Promise<Order> {
  await desk.seesHole(camera);
  await operator.until('/api/alerts?state=new', ({ items }) => items.length > 0);
  const path = await operator.dispatch();
  const newLink = async (): Promise<string> => (await operator.post(`${path}/crew-link`)).body.url;
  const { page, errors } = await openPage(browser, `${await newLink()}?lang=en`, { width: 390, height: 844 });
  onTestFinished(() => closePage(page));
  await page.locator('body[data-stays]').waitFor();
  return { path, page, errors, newLink };
}

async function photographs(count: number) {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  return Promise.all(
    Array.from({ length: count }, async (_, at) => ({
      name: `IMG_000${at}.jpg`,
      mimeType: 'image/jpeg',
      buffer: await sharp({
        create: { width: 900, height: 600 + at, channels: 3, background: '#777', noise },
      })
        .withExif({ IFD3: { GPSLatitude: '30/1 12/1 0/1', GPSLatitudeRef: 'N' } })
        .jpeg()
        .toBuffer(),
    })),
  );
}

async function repair(page: Page, photos: Awaited<ReturnType<typeof photographs>>): Promise<void> {
  const form = page.locator('form[data-step=repair]');
  await form.locator('input[type=file]').setInputFiles(photos);
  await form.getByRole('button', { name: 'Repaired' }).click();
}

test('three photographs taken without a line arrive after it is back, also after the page was opened anew', async () => {
  const { page, path, errors } = await onSite('binsheng-rd');
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'We are on site' }).click();
  await page.locator('.kept', { hasText: 'We are on site' }).waitFor();
  await repair(page, await photographs(3));
  await page.locator('.kept', { hasText: 'Repaired · photographs: 3' }).waitFor();
  await page.reload();
  await page.locator('.kept', { hasText: 'Repaired · photographs: 3' }).waitFor();
  expect(await page.locator('#state').innerText()).toBe('Repaired');
  expect((await operator.get(path)).body.state).toBe('dispatched');
  expect(
    await page
      .locator('img')
      .first()
      .evaluate((picture: { naturalWidth: number }) => picture.naturalWidth),
  ).toBeGreaterThan(0);

  await page.context().setOffline(false);
  const ticket = await operator.until(path, ({ state }) => state !== 'dispatched' && state !== 'on_site');
  expect(ticket.photos.map(({ step }: { step: string }) => step)).toEqual(['repair', 'repair', 'repair']);
  await page.locator('.kept').first().waitFor({ state: 'detached' });
  // Only that there was no line.
  expect(errors.filter((error) => !/ERR_(INTERNET_DISCONNECTED|FAILED)/.test(error))).toEqual([]);
});

test('a photograph goes on from where the line broke off', async () => {
  const { page, path } = await onSite('wentao-rd');
  await page.getByRole('button', { name: 'We are on site' }).click();
  await operator.until(path, ({ state }) => state === 'on_site');
  const offsets: string[] = [];
  const broken = Promise.withResolvers<void>();
  await page.context().route('**/photos/*', async (route) => {
    const request = route.request();
    if (request.method() !== 'PATCH') return route.continue();
    offsets.push(request.headers()['upload-offset'] as string);
    // The second part arrives, but nobody hears that it has.
    if (offsets.length !== 2) return route.continue();
    await route.fetch();
    await route.abort();
    broken.resolve();
  });
  await repair(page, await photographs(1));
  await broken.promise;
  await page.reload();
  await operator.until(path, ({ state }) => state !== 'on_site');
  expect(offsets.slice(0, 3)).toEqual(['0', '65536', '131072']);
});

test('a link that was ended meanwhile is said to be, nothing is lost, and a new link sends it', async () => {
  const { page, path, newLink } = await onSite('binsheng-rd');
  await page.getByRole('button', { name: 'We are on site' }).click();
  await operator.until(path, ({ state }) => state === 'on_site');
  await page.context().setOffline(true);
  await repair(page, await photographs(1));
  await page.locator('.kept', { hasText: 'photographs: 1' }).waitFor();
  const next = await newLink();
  await page.context().setOffline(false);
  await page.getByText('This link is not valid any more').waitFor();
  await page.getByRole('link', { name: 'Save photograph 1' }).waitFor();
  await page.reload();
  await page.getByText('This link is not valid any more').waitFor();
  await page.getByRole('link', { name: 'Save photograph 1' }).waitFor();
  expect((await operator.get(path)).body.state).toBe('on_site');
  await page.goto(next);
  const { photos } = await operator.until(path, ({ state }) => state !== 'on_site');
  expect(photos).toHaveLength(1);
});

test('the page with its pictures is below 100 kB', async () => {
  await desk.seesHole('binsheng-rd');
  await operator.until('/api/alerts?state=new', ({ items }) => items.length > 0);
  const path = await operator.dispatch();
  const { url } = (await operator.post(`${path}/crew-link`)).body;
  const { page } = await openPage(browser, 'about:blank', { width: 390, height: 844 });
  onTestFinished(() => closePage(page));
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) =>
    sizes.push(
      request
        .sizes()
        .then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize),
    ),
  );
  await page.goto(url);
  await page.locator('body[data-stays]').waitFor();
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(5_000);
  expect(bytes).toBeLessThan(100_000);
});
