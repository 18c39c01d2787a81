/**
 * A day with Roadwatch as three people have it, on simulated streets, a real agent and a real gateway: an operator's shift, a unit's
 * day in either language, and a visitor before the wall.
 */
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, onTestFailed, onTestFinished, test } from 'vitest';
import { closePage, openPage, SOFTWARE_GL, startBrowser } from './support/browser.ts';
import { atHand } from './support/desk.ts';
import { framesShown } from './support/in-page.ts';
import { Streets, UNIT } from './support/streets.ts';

/** On a machine that does much else. */
const LIMIT_MS = 240_000;
const [OF_OPERATOR, OF_UNIT_EN, OF_UNIT_ZH, OF_WALL] = [1, 2, 3, 4];

let browser: Browser;
let streets: Streets;
beforeAll(async () => {
  browser = await startBrowser(SOFTWARE_GL);
  streets = await Streets.start(4, {
    dispatch: { recallSeconds: 0 },
    // The time of the day is the machine's, so what is waited for comes soon.
    clocks: { sceneLookMinutes: 0.01 },
    inspection: { afterMinutes: 0, retryMinutes: 0.1, attempts: 50 },
  });
}, LIMIT_MS);
afterAll(async () => {
  await browser?.close();
  await streets?.stop();
});

/** The crew's telephone with the page of a link, which has all that it needs without a line. */
async function telephone(link: string, language: string): Promise<Page> {
  const { page, errors } = await openPage(browser, `${link}?lang=${language}`, { width: 390, height: 844 });
  onTestFinished(async () => {
    // Only that there was no line.
    expect(errors.filter((error) => !/ERR_(INTERNET_DISCONNECTED|FAILED)/.test(error))).toEqual([]);
    await closePage(page);
  });
  await page.locator('body[data-stays]').waitFor();
  return page;
}

async function photographAndReport(page: Page): Promise<void> {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const buffer = await sharp({
    create: { width: 800, height: 600, channels: 3, background: '#777', noise },
  })
    .jpeg()
    .toBuffer();
  const form = page.locator('form[data-step=repair]');
  await form.locator('input[type=file]').setInputFiles({ name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer });
  await form.locator('button').click();
}

const step = (page: Page, name: string) => page.locator(`form[data-step=${name}] button`);

test(
  'an operator’s shift: a hole is sent out by one key, its scene is looked at live, and its own camera proves it mended; the lead follows in English',
  async () => {
    const camera = `街道摄像机 ${OF_OPERATOR}`;
    const { page, errors, elsewhere } = await streets.open(
      browser,
      await streets.person('ann', 'operator'),
      '/',
      {
        locale: 'zh-CN',
      },
    );
    await page.locator('.queue .item', { hasText: camera }).click({ timeout: 120_000 });
    await atHand(page, camera);
    expect(await page.locator('.picture rect.box').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.locator('.recall', { hasText: '派遣' }).waitFor();

    await page.goto(new URL('/tickets', streets.loop.consoleUrl).href);
    const row = page.locator('tr[data-ticket]', { hasText: camera });
    const ticket = `/tickets/${await row.getAttribute('data-ticket')}`;
    onTestFailed(async () => {
      const { state, inspections, history } = (await streets.admin.get(`/api${ticket}`)).body;
      console.error(JSON.stringify({ state, inspections, history }, null, 1));
    });
    const { page: lead, errors: leadErrors } = await streets.open(
      browser,
      await streets.person('lead', 'shift_lead'),
      ticket,
    );
    await lead.locator('.mark', { hasText: 'Dispatched' }).first().waitFor();

    await row.getByRole('button', { name: '看现场' }).click();
    await page.locator('.live[data-phase="playing"]').waitFor();
    const shown = await framesShown(page);
    await expect.poll(() => framesShown(page), { timeout: 20_000 }).toBeGreaterThan(shown);
    await page.getByRole('button', { name: '已到场' }).click();
    await lead.locator('.mark', { hasText: 'Crew on site' }).first().waitFor();

    const { url } = (await streets.admin.post(`/api${ticket}/crew-link`)).body;
    const crew = await telephone(url, 'zh');
    await streets.mend(OF_OPERATOR);
    await photographAndReport(crew);
    await lead.locator('.inspections', { hasText: 'Road seen whole' }).waitFor({ timeout: 120_000 });

    await page.locator('[data-lane="whole"]').click();
    await page.locator('.judge .sights').waitFor();
    await page.keyboard.press('c');
    await page.getByText(/：已结案$/).waitFor();
    await lead.locator('.mark', { hasText: 'Closed' }).first().waitFor();
    const { inspections, outcome } = (await streets.admin.get(`/api${ticket}`)).body;
    expect([inspections.at(-1).result, outcome]).toEqual(['pass', 'repaired']);
    expect({ errors, elsewhere, leadErrors }).toEqual({ errors: [], elsewhere: [], leadErrors: [] });
  },
  LIMIT_MS,
);

test.each([
  {
    locale: 'en-GB',
    language: 'en',
    street: OF_UNIT_EN,
    camera: `Street camera ${OF_UNIT_EN}`,
    words: { make: 'Make a link', address: 'Address of the link', close: 'Close', accepted: /: accepted$/ },
    group: 'With the bureau',
    figure: 'Accepted in time',
  },
  {
    locale: 'zh-CN',
    language: 'zh',
    street: OF_UNIT_ZH,
    camera: `街道摄像机 ${OF_UNIT_ZH}`,
    words: { make: '生成链接', address: '链接地址', close: '关闭', accepted: /：已受理$/ },
    group: '待核查或挂账',
    figure: '按时受理率',
  },
])(
  'a unit’s day ($language): an order comes with its picture, is taken by one key, and its crew hands it in from where there is no line',
  async ({ locale, language, street, camera, words, group, figure }) => {
    const unit = await streets.person(`roads.${language}`, 'unit', UNIT.id);
    const { page, errors } = await streets.open(browser, unit, '/tickets', { locale });
    const alert = await streets.alert(street);
    const { ticketId } = (await streets.admin.post(`/api/alerts/${alert}/confirm`)).body;
    await page.locator(`[data-ticket="${ticketId}"]`, { hasText: camera }).click();
    await page.locator('.order svg image').waitFor();
    await page.locator('.take .primary').waitFor();
    await page.keyboard.press('a');
    await page.getByText(words.accepted).waitFor();

    await page.locator(`[data-ticket="${ticketId}"]`).click();
    await page.getByRole('button', { name: words.make }).click();
    const crew = await telephone(await page.getByLabel(words.address).inputValue(), language);
    await page.getByRole('button', { name: words.close }).click();
    await crew.context().setOffline(true);
    await step(crew, 'arrive').click();
    await photographAndReport(crew);
    await crew.locator('.kept').nth(1).waitFor();
    expect((await streets.admin.get(`/api/tickets/${ticketId}`)).body.state).toBe('accepted');
    await page.locator('h1').hover();
    await crew.context().setOffline(false);

    await page
      .locator('section.elsewhere', { hasText: group })
      .locator(`[data-ticket="${ticketId}"]`)
      .waitFor();
    const { photos } = (await streets.admin.get(`/api/tickets/${ticketId}`)).body;
    expect(photos.map(({ step: at }: { step: string }) => at)).toEqual(['repair']);
    await page.locator('.unit-figures', { hasText: new RegExp(`${figure}\\s*100%`) }).waitFor();
    expect(errors).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'a visitor before the wall sees one hole go its whole way, though the gateway is killed on it',
  async () => {
    const { admin, loop } = streets;
    const { body } = await admin.post('/api/walls', { name: 'lobby' });
    const address = new URL(`${body.path}`, loop.consoleUrl);
    address.search = '?lang=en';
    const { page, elsewhere } = await openPage(browser, address.href, { width: 1920, height: 1080 });
    onTestFinished(() => closePage(page));
    const row = page.locator('.case', { hasText: `Street camera ${OF_WALL}` });
    const has = (name: string) => row.locator(`li.${name}:not(.ahead)`).waitFor();
    await row.waitFor({ timeout: 120_000 });

    const { ticketId } = (await admin.post(`/api/alerts/${await streets.alert(OF_WALL)}/confirm`)).body;
    const give = (command: string) => admin.post(`/api/tickets/${ticketId}/transitions`, { command });
    await has('dispatched');
    await give('accept');
    await has('answered');

    await loop.restart('gateway', 'SIGKILL');
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
    await give('arrive');
    await has('arrived');
    await streets.mend(OF_WALL);
    await give('repair');
    await row.locator('li.proven:not(.ahead)').waitFor({ timeout: 120_000 });
    await page.locator('.pair .after image').waitFor();
    await page.locator('.tile.old').first().waitFor({ state: 'detached' });
    expect(elsewhere).toEqual([]);
  },
  LIMIT_MS,
);
