/** What an admin clears up, looks up and saves, in a real browser and both languages: what was given up, the audit, the backup. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { TestOperator } from '../../gateway/testing/operator.ts';
import { startBrowser } from './support/browser.ts';
import { type DeskSetup, setUpDesk } from './support/desk.ts';
import { hanWords, latinWords } from './support/languages.ts';

const WORDS = {
  'en-GB': {
    again: 'Send again',
    takeAgain: 'Take again',
    refusedAgain: 'It is refused again.',
    letGo: 'Let go',
    told: 'Let it go once the unit has been told in another way',
    none: 'Every order has arrived or is still being tried.',
    noneRefused: 'Every message of every box was accepted.',
    search: 'Search',
    nothing: 'Nothing is found.',
    verify: 'Check the chain',
    unbroken: 'The record is unbroken.',
    noBackup: 'No backup yet',
    backUp: 'Back up now',
    made: 'made',
    download: 'Download the rows',
  },
  'zh-CN': {
    again: '重新发送',
    takeAgain: '重新接收',
    refusedAgain: '此消息仍被拒收。',
    letGo: '不再处理',
    told: '请先以其他方式通知责任单位',
    none: '所有派遣均已送达或仍在重试。',
    noneRefused: '所有设备的消息均已接收。',
    search: '查询',
    nothing: '没有符合条件的记录。',
    verify: '校验日志链',
    unbroken: '日志完整，未被改动。',
    noBackup: '尚无备份',
    backUp: '立即备份',
    made: '已完成',
    download: '下载数据库备份',
  },
} as const;
const LOCALES = ['en-GB', 'zh-CN'] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

/** A gateway whose only unit has a system of its own, which answers as `status` says. */
async function city() {
  const bureau = { status: 422, orders: 0 };
  const server = createServer((request, response) => {
    request.resume();
    bureau.orders++;
    response.writeHead(bureau.status).end(bureau.status === 422 ? 'unknown class D40' : '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as { readonly port: number };
  const webhook = { url: `http://127.0.0.1:${port}/`, secret: 'x'.repeat(24) };
  const unit = { id: 'bureau', name: { en: 'Bureau', zh: '城管局' }, default: true, webhook };
  const desk = await setUpDesk(browser, { dispatch: { recallSeconds: 0 }, units: [unit] });
  onTestFinished(() => desk.stop());
  const { username, password } = desk.gateway.login;
  return { bureau, desk, operator: await TestOperator.login(desk.gateway.consoleUrl, username, password) };
}

async function open(desk: DeskSetup, locale: string, part: string) {
  const watched = await desk.open({ locale });
  const { page } = watched;
  await page.locator('header nav a[href$="/admin"]').click();
  await page.locator(`.admin > nav a[href$="/admin/${part}"]`).click();
  return watched;
}

/** What is on the page in the other language: names, addresses and what a machine said are in no language of a page. */
async function foreign(page: Page, locale: (typeof LOCALES)[number]): Promise<readonly string[]> {
  const own = page
    .locator('.admin-page')
    .locator('h1, h2, th, button, .hint, .mark:not(:has(small)), small.hint');
  const text = (await own.allInnerTexts()).join('\n');
  return locale === 'en-GB' ? hanWords(text) : latinWords(text);
}

test.each(LOCALES)(
  'in %s orders that were given up are sent again or let go, and refused messages are, too',
  async (locale) => {
    const words = WORDS[locale];
    const { bureau, desk, operator } = await city();
    await desk.seesHole('binsheng-rd');
    await desk.seesHole('wentao-rd');
    for (const { id } of (await operator.get('/api/alerts?state=new')).body.items)
      await operator.post(`/api/alerts/${id}/confirm`);
    await operator.until('/api/dispatches', ({ items }) => items.length === 2);
    await desk.agent.saysNonsense('binsheng-rd');
    const { page, errors } = await open(desk, locale, 'troubles');

    const orders = page.locator('tr', { has: page.locator('a[href*="/tickets/"]') });
    await orders.nth(1).waitFor();
    await page.locator('td.value', { hasText: '422 unknown class D40' }).first().waitFor();
    expect(await foreign(page, locale)).toEqual([]);
    bureau.status = 200;
    await orders.first().getByRole('button', { name: words.again }).click();
    await orders.nth(1).waitFor({ state: 'detached' });
    await expect.poll(() => bureau.orders).toBe(3);

    // Letting go asks why, and says what follows from it.
    await orders.getByRole('button', { name: words.letGo }).click();
    await orders.getByText(words.told).waitFor();
    const confirm = orders.locator('button[type=submit]');
    expect(await confirm.isDisabled()).toBe(true);
    await orders.getByRole('textbox').fill('by telephone');
    await confirm.click();
    await page.getByText(words.none).waitFor();

    const refused = page.locator('tr', { has: page.locator('td.topic') });
    await refused.getByRole('button', { name: words.takeAgain }).click();
    await page.getByText(words.refusedAgain).waitFor();
    await refused.getByRole('button', { name: words.letGo }).click();
    await refused.getByRole('textbox').fill('a test');
    await refused.locator('button[type=submit]').click();
    await page.getByText(words.noneRefused).waitFor();
    // Of what was refused the browser itself speaks, too.
    expect(errors.filter((text) => !text.includes('409'))).toEqual([]);
    const { items } = (await operator.get('/api/audit?action=dispatch.dismissed')).body;
    expect(items).toMatchObject([{ actor: 'user:admin', after: expect.stringContaining('by telephone') }]);
  },
);

test.each(LOCALES)(
  'in %s the audit says who did what, finds it, and is checked; a backup is made and downloaded',
  async (locale) => {
    const words = WORDS[locale];
    const { desk, operator } = await city();
    for (const username of ['ann', 'bo'])
      await operator.post('/api/users', { username, role: 'viewer', unitId: null });
    const { page, errors } = await open(desk, locale, 'audit');
    const rows = page.locator('.admin-page tbody tr');
    const asked = async (field: string, text: string) => {
      const answered = page.waitForResponse((answer) => answer.url().includes('/api/audit?'));
      await page.locator(`input[name=${field}]`).fill(text);
      await page.getByRole('button', { name: words.search }).click();
      await (await answered).finished();
    };
    await rows.first().waitFor();
    expect(await foreign(page, locale)).toEqual([]);
    await asked('action', 'user.created');
    await rows.filter({ hasText: 'user:bo' }).waitFor();
    await rows.filter({ hasText: 'login' }).first().waitFor({ state: 'detached' });
    await asked('subject', 'user:ann');
    await rows.filter({ hasText: 'user:bo' }).waitFor({ state: 'detached' });
    expect(await rows.count()).toBe(1);
    await rows.locator('summary').click();
    await rows.locator('code', { hasText: 'viewer' }).waitFor();
    // Nothing of SQL, HTML or wildcards is more than text.
    await asked('subject', `%' OR 1=1 --<img src=x onerror=alert(1)>`);
    await page.getByText(words.nothing).waitFor();
    await page.getByRole('button', { name: words.verify }).click();
    await page.locator('.mark.good', { hasText: words.unbroken }).waitFor();

    await page.locator('.admin > nav a[href$="/admin/backup"]').click();
    await page.getByText(words.noBackup).waitFor();
    expect(await page.getByRole('link', { name: words.download }).count()).toBe(0);
    await page.getByRole('button', { name: words.backUp }).click();
    await page.locator('.mark.good', { hasText: words.made }).waitFor();
    expect(await foreign(page, locale)).toEqual([]);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: words.download }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('store.jsonl.gz');
    const lines = gunzipSync(await readFile(await download.path()))
      .toString()
      .trim()
      .split('\n');
    const [{ rows: saved }] = (await operator.get('/api/backups')).body.items;
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({ end: saved });
    expect(errors).toEqual([]);
  },
);
