/** The bureau's figures in a real browser: a month counted by hand, a month without anything, on the screen and on paper. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Store } from '../../gateway/src/store/database.ts';
import { september, UNITS } from '../../gateway/testing/history.ts';
import { closePage, openPage, type PageOptions, signIn, startBrowser } from './support/browser.ts';
import { type RunningGateway, startGateway } from './support/gateway.ts';
import { overflowOf } from './support/in-page.ts';

let browser: Browser;
let gateway: RunningGateway;
let dataDir: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'roadwatch-figures-'));
  browser = await startBrowser();
  gateway = await startGateway({ dataDir, units: UNITS });
  const store = await Store.open({ dataDir });
  await september(store);
  await store.close();
});
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function open(path: string, options: PageOptions = {}) {
  const watched = await openPage(browser, gateway.consoleUrl, options);
  onTestFinished(() => closePage(watched.page));
  await signIn(watched.page, gateway.login);
  await watched.page.goto(new URL(path, gateway.consoleUrl).href);
  return watched;
}

/** The cells of a row: value, before, change, year before, change. */
function figure(page: Page, name: string): Promise<string[]> {
  return page.locator(`tr[data-figure=${name}] td`).allInnerTexts();
}

test('a known month shows what was counted by hand, in both languages, and its address is that of the question', async () => {
  const { page, errors, elsewhere } = await open('/figures?from=2026-09-01&to=2026-09-30');
  await page.locator('tr[data-key=bridges]').waitFor();
  expect(await figure(page, 'received')).toEqual(['7', '2', '+250%', '0', '–']);
  expect(await figure(page, 'closedOnTime')).toEqual(['50% of 2', '100%', '-50 points', '–', '–']);
  expect(await figure(page, 'timeToRepair')).toEqual(['25 h of 2', '1 h', '+2,400%', '–', '–']);
  expect(
    (await page.locator('.groups tbody tr').allInnerTexts()).map((row) => row.split(/\s+/).slice(0, 2)),
  ).toEqual([
    ['1', 'Road'],
    ['2', 'Bridges'],
  ]);
  await page.getByRole('button', { name: 'Class', exact: true }).click();
  await page.getByRole('button', { name: 'Pothole' }).click();
  await page.getByText('Only: Class pothole').waitFor();
  expect(new URL(page.url()).search).toBe('?from=2026-09-01&to=2026-09-30&each=day&by=class&class=pothole');
  await page.goBack();
  await page.goBack();
  await page.locator('tr[data-key=bridges]').waitFor();
  await page.locator('[data-switch=language]').click();
  await page.getByText('按期结案率').first().waitFor();
  expect(await figure(page, 'closedOnTime')).toEqual(['50% 基数 2', '100%', '-50 个百分点', '–', '–']);
  expect([errors, elsewhere]).toEqual([[], []]);
});

test('the charts are loaded with the figures, and not before', async () => {
  const { page } = await open('/tickets');
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await page.getByRole('link', { name: 'Figures', exact: true }).click();
  await page.getByText('How the figures are counted').or(page.getByText('Nothing came in')).first().waitFor();
  expect(loaded.filter((path) => /^\/assets\/pages-.*\.js$/.test(path))).toHaveLength(1);
});

test('the report of a month without anything says so, and holds no number that is none', async () => {
  const { page, errors } = await open('/figures/report/2020-02', { locale: 'zh-CN' });
  await page.getByText('本期没有上报、派遣或结案。').waitFor();
  expect(await page.locator('h1').innerText()).toBe('2020年2月道路病害处置月度通报');
  expect(await page.locator('main').innerText()).not.toMatch(/NaN|0\s?%|Infinity|undefined/);
  expect(errors).toEqual([]);
});

test.each([
  ['en-GB', 'Monthly report on road damage, September 2026', 'Units in order'],
  ['zh-CN', '2026年9月道路病害处置月度通报', '责任单位排名'],
])(
  'the monthly report in %s is on paper whole: no bars, no second scroll',
  async (locale, title, section) => {
    const { page } = await open('/figures/report/2026-09', { locale });
    await page.getByRole('heading', { name: section }).waitFor();
    await page.locator('tr[data-key=bridges]').waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('h1').innerText()).toBe(title);
    expect(await page.locator('header.top').isVisible()).toBe(false);
    const cut = await page
      .locator('.sheet')
      .evaluate(
        (sheet: { scrollHeight: number; clientHeight: number }) => sheet.scrollHeight - sheet.clientHeight,
      );
    expect(cut).toBe(0);
    // More than one sheet of paper, since it is not cut at the height of a screen.
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(1);
  },
);

test('a telephone shows the figures without anything out of reach', async () => {
  const { page } = await open('/figures?from=2026-09-01&to=2026-09-30', { width: 390, height: 844 });
  await page.locator('tr[data-key=bridges]').waitFor();
  const { tooWide, cutOff } = await overflowOf(page);
  const here = await page.locator('main').locator('button, a.button').allTextContents();
  expect([tooWide, cutOff.filter((name) => here.includes(name))]).toEqual([false, []]);
});
