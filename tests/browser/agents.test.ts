/** A box's own page in a real browser: what it runs with, what is set of it, on trial, confirmed, refused, and put back. */
import { timestamp } from '@roadwatch/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { type DeskSetup, setUpDesk } from './support/desk.ts';
import { overflowOf, textsOnScreen } from './support/in-page.ts';
import { hanWords, latinWords } from './support/languages.ts';

const OWN = { enabled: true, farPass: false, transport: 'tcp' };
const HOSTILE = `<img src=x onerror="document.title=1">"'\u202e${'W'.repeat(150)}`;

let browser: Browser;
let desk: DeskSetup;
beforeAll(async () => {
  browser = await startBrowser();
  desk = await setUpDesk(browser);
  desk.agent.configuration = {
    ...{ version: '0123456789abcdef', appliedAt: timestamp(Date.now()), refused: [], settings: null },
    own: {
      gate: { maxSkipSeconds: 10, frozenSeconds: 300 },
      verify: { minSeconds: 4, minLooks: 6, roadUsers: true },
      ring: { seconds: 30, maxMegabytes: 64 },
      ...{ outbox: { maxMegabytes: 1024 }, log: { level: 'info' }, updates: {} },
      ...{ takeSettings: true, logins: ['street-cameras'] },
    },
  };
  await desk.agent.camera('binsheng-rd', { en: 'Binsheng Road', zh: '滨盛路' }, { own: OWN });
  await desk.agent.camera('wentao-rd', { en: HOSTILE, zh: HOSTILE }, { own: OWN });
  await desk.agent.status();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

const shoot = async (page: Page, name: string): Promise<void> => {
  const dir = process.env.ROADWATCH_SHOTS;
  if (dir !== undefined) await page.screenshot({ path: `${dir}/${name}.png`, fullPage: true });
};

async function openBox(options: Parameters<DeskSetup['open']>[0] = {}) {
  const watched = await desk.open(options);
  await watched.page.goto(new URL('/agents', desk.gateway.consoleUrl).href);
  await watched.page.getByRole('link', { name: 'binjiang/edge-1' }).click();
  await watched.page.locator('.box-fields').first().waitFor();
  return watched;
}

test('what is set of a box is on trial, then confirmed; what it refuses stands beside its field; and it is put back', async () => {
  const { page, errors } = await openBox();
  const seconds = page.getByLabel('Video kept of each camera, seconds');
  expect(await seconds.getAttribute('placeholder')).toBe('30');
  await page.getByText('its own file alone', { exact: true }).waitFor();
  await shoot(page, 'box');
  const save = page.getByRole('button', { name: 'Save and send to the box' });
  expect(await save.isDisabled()).toBe(true);

  await seconds.fill('60');
  const roadUsers = page.getByLabel(/^Refuses what lies on a vehicle or a person/);
  expect(await roadUsers.locator('option').first().textContent()).toBe('as in the file: yes');
  await roadUsers.selectOption('no');
  const camera = page.locator('fieldset', { hasText: 'Binsheng Road' });
  await camera.getByLabel('Paused').check();
  await camera.getByLabel(/^Transport/).selectOption('udp');
  await page.getByText('Not saved yet').waitFor();
  await save.click();
  await page.getByText('Version 1 counts at the box.').waitFor();
  await page.getByText('version 1', { exact: true }).waitFor();
  await page.locator('.box-versions li', { hasText: '– → 60' }).first().waitFor();
  const said = 'Refuses what lies on a vehicle or a person: – → false';
  await page.locator('.box-versions li', { hasText: said }).first().waitFor();

  // The browser itself does not send what is out of range.
  await seconds.fill('3');
  await save.click();
  expect(await page.locator('input:invalid').getAttribute('name')).toBe('ring.seconds');
  await page.getByRole('button', { name: 'Discard' }).click();
  expect(await seconds.inputValue()).toBe('60');

  // What the gateway finds.
  await page.getByRole('button', { name: 'Add a camera' }).click();
  const added = page.locator('fieldset', { hasText: 'Address, without login' });
  await added.getByLabel('Id', { exact: true }).fill('new-lane');
  await added.getByLabel('Name in English').fill('New Lane');
  await added.getByLabel('Name in Chinese').fill('新巷');
  await added.getByLabel('Address, without login').fill('rtsp://admin:secret@10.0.0.9/1');
  await save.click();
  await added.getByText('holds a user name or password').waitFor();
  await shoot(page, 'box-wrong');
  await added.getByLabel('Address, without login').fill('rtsp://10.0.0.9/1');
  await added.getByLabel(/^Login/).selectOption('street-cameras');

  // What only the box knows.
  const problem = { path: 'added[0].url', en: 'login may go elsewhere only', zh: '登录项不可用于此主机' };
  desk.agent.toBox = { refused: [problem] };
  onTestFinished(() => {
    desk.agent.toBox = 'taken';
  });
  await save.click();
  await page.getByText('Version 2 does not count').waitFor();
  await added.getByText('login may go elsewhere only').waitFor();
  await page.getByText('version 1', { exact: true }).waitFor();
  await shoot(page, 'box-refused');

  desk.agent.toBox = 'taken';
  page.on('dialog', (dialog) => void dialog.accept());
  await page.locator('.box-versions > ol > li').nth(1).getByRole('button', { name: 'Put back' }).click();
  await page.getByText('Version 3 counts at the box.').waitFor();
  expect(await added.count()).toBe(0);
  expect(await page.title()).not.toBe('1');
  // What the gateway refuses the browser tells as an error.
  expect(errors.filter((error) => !error.includes('422'))).toEqual([]);
}, 120_000);

test('what is being changed is not overwritten, and what somebody else has saved meanwhile is said', async () => {
  const [one, other] = [await openBox(), await openBox()];
  const label = 'What waits for the gateway, MB';
  await one.page.getByLabel(label).fill('500');
  await other.page.getByLabel(label).fill('600');
  await other.page.getByRole('button', { name: 'Save and send to the box' }).click();
  await other.page.getByText(/Version \d+ counts at the box/).waitFor();
  await one.page.locator('.box-versions li', { hasText: '→ 600' }).first().waitFor();
  expect(await one.page.getByLabel(label).inputValue()).toBe('500');
  await one.page.getByRole('button', { name: 'Save and send to the box' }).click();
  await one.page.getByRole('alert').waitFor();
  await one.page.getByRole('button', { name: 'Discard' }).click();
  expect(await one.page.getByLabel(label).inputValue()).toBe('600');
}, 120_000);

test.each([
  ['en-GB', 1366, 768],
  ['zh-CN', 390, 844],
])(
  'in %s at %i x %i the page fits, in one language, with the hostile name as plain text',
  async (locale, width, height) => {
    const { page } = await openBox({ locale, width, height });
    await page.locator('.box-facts dd').first().waitFor();
    await shoot(page, `box-${width}`);
    expect((await overflowOf(page)).tooWide).toBe(false);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    const words = (await textsOnScreen(page))
      .replaceAll(HOSTILE, '')
      .replaceAll(/binsheng-rd|wentao-rd|new-lane|New Lane|新巷|rtsp:\/\/\S+|street-cameras/g, '');
    const named = words.replaceAll(
      /[a-z]+\.[\w.-]+|MB|kB|TCP|UDP|debug|info|warn|takeSettings|false|udp|Binsheng Road/g,
      '',
    );
    expect(locale === 'zh-CN' ? latinWords(named) : hanWords(named.replaceAll('滨盛路', ''))).toEqual([]);
  },
  120_000,
);
