/** What a console must bear: a computer whose clock is wrong, names and words made to break a page, files that are no areas. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { TestOperator } from '../../gateway/testing/operator.ts';
import { closePage, openPage, signIn, startBrowser } from './support/browser.ts';
import { atHand, type DeskSetup, setUpDesk } from './support/desk.ts';
import { overflowOf } from './support/in-page.ts';

const HOUR = 3_600_000;
/** Of HTML, of a template, turning the direction of writing around, and as long as a name may be. */
const NAME = `<img src=x onerror=alert(1)>\u202e{{7*7}}${'W'.repeat(160)}`;

let browser: Browser;
let desk: DeskSetup;
beforeAll(async () => {
  browser = await startBrowser();
  desk = await setUpDesk(browser, { dispatch: { recallSeconds: 0 }, open311: { enabled: true } });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});
afterEach(() => desk.emptyQueue());

function operator(): Promise<TestOperator> {
  const { consoleUrl, login } = desk.gateway;
  return TestOperator.login(consoleUrl, login.username, login.password);
}

/** A page on a computer whose clock is so many hours fast. */
async function onClock(hours: number, locale: string) {
  const watched = await openPage(browser, desk.gateway.consoleUrl, { locale });
  const { page } = watched;
  onTestFinished(() => closePage(page));
  await page.addInitScript(`{
    const Right = Date;
    const wrong = () => Right.now() + ${hours * HOUR};
    globalThis.Date = class extends Right {
      constructor(...given) {
        super(...(given.length === 0 ? [wrong()] : given));
      }
      static now() {
        return wrong();
      }
    };
  }`);
  await page.reload();
  await signIn(page, desk.gateway.login);
  return watched;
}

test.each([
  [-5, 'en-GB', "This computer's clock is 4 h slow", "This computer's clock is 5 h slow", /29:\d\d left/],
  [5, 'zh-CN', '本机时钟快 4 小时', '本机时钟快 5 小时', /剩余 29:\d\d/],
] as const)(
  'on a computer whose clock is wrong by %d hours that is said in %s, ages and clocks are right, and a verdict counts',
  async (hours, locale, almost, whole, left) => {
    const { page, errors } = await onClock(hours, locale);
    await desk.seesHole('binsheng-rd');
    await page.locator('.stage[data-ready="true"]').waitFor();
    await page.getByText(whole).or(page.getByText(almost)).waitFor();
    const age = await page.locator('.queue .item .when').first().innerText();
    expect(age).toMatch(/^\d+ (s|秒)/);
    await page.keyboard.press('Enter');
    await page.locator('.verdict.stored').waitFor();
    await page.locator('header nav a[href$="/tickets"]').click();
    await page.locator('.clock', { hasText: left }).first().waitFor();
    expect(errors).toEqual([]);
  },
);

test('a right clock is not spoken of', async () => {
  const { page } = await desk.open();
  await page.locator('.interruptions').waitFor();
  expect(await page.locator('.top .zone[role=status]').count()).toBe(0);
});

/** Nothing of the name has become a part of the page, and nothing is pushed out of reach by it. */
async function bears(page: Page): Promise<void> {
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  expect((await overflowOf(page)).tooWide).toBe(false);
}

test('hostile names of a camera and a crew are text on every page, and push nothing out of reach', async () => {
  const name = { en: NAME, zh: NAME };
  await desk.agent.camera('binsheng-rd', name);
  onTestFinished(() => desk.agent.camera('binsheng-rd', { en: 'Binsheng Road', zh: '滨盛路' }));
  await desk.seesHole('binsheng-rd');
  const { page, errors } = await desk.open({ locale: 'zh-CN' });
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await atHand(page, '<img src=x');
  await bears(page);
  await page.keyboard.press('Enter');
  await page.locator('.verdict.stored').waitFor();

  const api = await operator();
  const [ticket] = (await api.get('/api/tickets')).body.items;
  await api.until(`/api/tickets/${ticket.id}`, ({ state }) => state === 'dispatched');
  const crew = NAME.slice(0, 60);
  const link = await api.post(`/api/tickets/${ticket.id}/crew-link`, { crew });
  expect(link.status).toBe(200);
  for (const path of ['/tickets', `/tickets/${ticket.id}`, '/cameras', '/map', '/verdicts', '/admin/audit']) {
    await page.goto(new URL(path, desk.gateway.consoleUrl).href);
    await page
      .locator('main')
      .getByText('<img src=x')
      .or(page.locator('main table, main .map-kinds'))
      .first()
      .waitFor();
    await bears(page);
  }
  await page.goto(new URL(`/tickets/${ticket.id}`, desk.gateway.consoleUrl).href);
  await page.getByText(crew.slice(0, 28)).first().waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(link.body.url);
  await page.locator('form button').first().waitFor();
  await bears(page);
  expect([dialogs, errors]).toEqual([[], []]);
});

test('a long report of a citizen is read to its end, and the actions stay in reach', async () => {
  const api = await operator();
  const expiresAt = new Date(Date.now() + HOUR).toISOString();
  const { body: token } = await api.post('/api/tokens', {
    name: 'app',
    scopes: ['requests:write'],
    expiresAt,
  });
  const words = `The beginning ${'Schlagloch '.repeat(340)}${'x'.repeat(200)} the end`;
  const answer = await fetch(new URL('/open311/v2/requests.json', desk.gateway.consoleUrl), {
    method: 'POST',
    body: new URLSearchParams({
      api_key: token.token,
      service_code: 'pothole',
      address_string: NAME,
      description: words,
    }),
  });
  expect(answer.ok).toBe(true);
  const { page, errors } = await desk.open();
  const quote = page.locator('.stage blockquote');
  await quote.waitFor();
  expect(await quote.innerText()).toBe(words);
  await bears(page);
  const { cutOff } = await overflowOf(page);
  expect(cutOff).toEqual([]);
  // Both ends can be scrolled to.
  for (const end of ['Home', 'End'] as const) {
    await quote.evaluate(
      (element: { scrollIntoView(options: object): void }, block) => element.scrollIntoView({ block }),
      end === 'Home' ? 'start' : 'end',
    );
    await expect.poll(() => page.locator('.actions button').first().isVisible()).toBe(true);
  }
  expect(errors).toEqual([]);
});

test.each([
  ['en-GB', 'larger than 16 MB', 'longitude 0, latitude 0'],
  ['zh-CN', '16 MB', '经度 0、纬度 0'],
])(
  'in %s a file of 50 MB and one with a point in Null Island are no areas, and the page says why',
  async (locale, large, sea) => {
    const folder = await mkdtemp(join(tmpdir(), 'roadwatch-areas-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [huge, island] = [join(folder, 'huge.geojson'), join(folder, 'island.geojson')];
    await writeFile(huge, '{"type":"Polygon","coordinates":[[');
    await truncate(huge, 50 * 1024 * 1024);
    const ring = [
      [120, 30],
      [120.5, 30],
      [0, 0],
      [120, 30],
    ];
    await writeFile(island, JSON.stringify({ type: 'Polygon', coordinates: [ring] }));
    const { page } = await desk.open({ locale });
    await page.goto(new URL('/admin/units', desk.gateway.consoleUrl).href);
    await page.locator('input[name=newUnit]').fill('south');
    await page.locator('.new-unit button').click();
    const area = page.locator('fieldset.area');
    const file = area.locator('input[type=file]');
    const asked: string[] = [];
    // What is read meanwhile is the page's own business.
    page.on('request', (request) => {
      if (request.method() !== 'GET') asked.push(request.method());
    });
    await file.setInputFiles(huge);
    await area.getByText(large).waitFor();
    expect(asked).toEqual([]);
    await file.setInputFiles(island);
    await area.locator('.problem', { hasText: sea }).waitFor();
  },
);
