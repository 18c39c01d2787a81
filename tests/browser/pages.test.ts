/** The pages around the desk, in a real browser on a real gateway: both languages, both sizes, tickets, cameras, live view. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ConsoleApi } from '../../scripts/demo/console-api.ts';
import { closePage, openPage, startBrowser } from './support/browser.ts';
import { atHand, type DeskSetup, setUpDesk } from './support/desk.ts';
import { coloursOfLive, overflowOf, textsOnScreen } from './support/in-page.ts';
import { hanWords, latinWords } from './support/languages.ts';
import { streetPicture } from './support/street-picture.ts';

let browser: Browser;
let desk: DeskSetup;
beforeAll(async () => {
  browser = await startBrowser();
  // A ticket is overdue at once, and the scene is to be looked at even before.
  desk = await setUpDesk(browser, {
    dispatch: { recallSeconds: 0.2 },
    inspection: { afterMinutes: 0.01 },
    clocks: { responseMinutes: 0.02, sceneLookMinutes: 0.01, resolutionHours: { pothole: 24 } },
  });
  await desk.seesHole('binsheng-rd');
  const api = new ConsoleApi(desk.gateway.consoleUrl);
  await api.login(desk.gateway.login);
  for (const { id } of await api.newAlerts()) await api.confirm(id);
  await desk.seesHole('binsheng-rd');
  await desk.seesHole('wentao-rd');
});
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

const link = (page: Page, index: number) => page.locator('nav').first().locator('a').nth(index);

/** Goes through every page and everything that opens on it; `look` is called wherever there is something to see. */
async function tour(page: Page, look: (where: string) => Promise<void>): Promise<void> {
  await link(page, 0).click();
  await page.locator('.stage[data-ready="true"]').waitFor();
  await look('desk');
  for (const [key, opened] of [
    ['n', '.choices'],
    ['s', '.choices'],
    ['?', 'dialog'],
  ] as const) {
    await page.keyboard.press(key);
    await page.locator(opened).waitFor();
    await look(`desk ${key}`);
    await page.keyboard.press('Escape');
    await page.locator(opened).waitFor({ state: 'detached' });
  }
  await page.keyboard.press('n');
  await page.keyboard.press('8');
  await page.locator('.verdict.stored').waitFor();
  await page.keyboard.press('u');
  await page.locator('.verdict.undone').waitFor();
  await look('desk after a verdict');
  await link(page, 1).click();
  await page.locator('h1').waitFor();
  await look('verdicts');
  await link(page, 2).click();
  await page.locator('table.tickets').waitFor();
  await look('tickets');
  await page.locator('td a').first().click();
  await page.locator('.history li').first().waitFor();
  await page.locator('.commands button[aria-pressed]').last().click();
  await page.locator('form.command').waitFor();
  await look('ticket');
  await page.locator('.crew-form button').click();
  await page.locator('dialog img').waitFor();
  await look('link for the crew');
  await page.keyboard.press('Escape');
  await link(page, 3).click();
  await page.locator('.things .thing').first().waitFor();
  await look('map');
  await link(page, 4).click();
  await page.locator('td .mark').first().waitFor();
  await look('cameras');
  await link(page, 5).click();
  await page.locator('td .mark').first().waitFor();
  await page.locator('.pair-box input[name=site]').fill('binjiang');
  await page.locator('.pair-box input[name=agent]').fill(`new-${Date.now()}`);
  await page.locator('.pair-box button').click();
  await page.locator('.made input').last().waitFor();
  await look('agents');
  await link(page, 6).click();
  await page.locator('.units .unit').first().waitFor();
  await look('units');
  await page.locator('.admin > nav a[href$="/admin/tokens"]').click();
  await page.locator('.new-token input[name=name]').fill(String(Date.now()));
  await page.locator('.new-token input[type=checkbox]').first().check();
  await page.locator('.new-token button').click();
  await page.locator('.made').waitFor();
  await page.locator('td .mark').first().waitFor();
  await look('tokens');
}

async function expectToFit(page: Page, where: string): Promise<void> {
  const fits = { tooWide: false, tooHigh: false, cutOff: [] };
  expect({ where, ...(await overflowOf(page)) }).toEqual({ where, ...fits });
}

test('a wrong password is told, the right one opens the desk, and signing out closes it', async () => {
  const { page, elsewhere } = await openPage(browser, desk.gateway.consoleUrl);
  onTestFinished(() => closePage(page));
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('User name or password is wrong.').waitFor();
  await page.getByLabel('Password').fill(desk.gateway.login.password);
  await page.keyboard.press('Enter');
  await atHand(page, 'Binsheng Road');
  await page.reload();
  await atHand(page, 'Binsheng Road');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('User name').waitFor();
  await page.reload();
  await page.getByLabel('User name').waitFor();
  expect(elsewhere).toEqual([]);
});

test('an overdue ticket says so in words, offers the scene, and goes on to the next state', async () => {
  const { page, errors } = await desk.open();
  await link(page, 2).click();
  await page.locator('tr.overdue .clock', { hasText: /overdue \d+:\d\d/ }).waitFor();
  await page.getByText('1 overdue').first().waitFor();
  await page.locator('tr.overdue').getByRole('button', { name: 'Look at the scene' }).click();
  await page.locator('.live[data-phase="playing"]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.live').waitFor({ state: 'detached' });
  await page.locator('tr.overdue a').first().click();
  await page.locator('.scene svg image').waitFor();

  await page.getByRole('button', { name: 'Accepted by the unit' }).click();
  await page.locator('.mark', { hasText: 'Accepted' }).waitFor();
  expect(errors).toEqual([]);
});

test('a crew gets its link, its photograph is on the ticket at once, and the camera says that the road is whole', async () => {
  const { page, errors } = await desk.open();
  await link(page, 2).click();
  await page.locator('tr', { hasText: 'Binsheng Road' }).locator('a').first().click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByAltText('The link as a code to photograph').waitFor();
  const address = await page.getByLabel('Address of the link').inputValue();
  await page.getByRole('button', { name: 'Close' }).click();

  const report = async (step: string, photo?: Buffer): Promise<number> => {
    const form = new FormData();
    if (photo !== undefined) form.append('photo', new Blob([Uint8Array.from(photo)]), 'photo.jpg');
    const answer = await fetch(new URL(step, address), { method: 'POST', body: form, redirect: 'manual' });
    return answer.status;
  };
  expect(await report('arrive')).toBe(303);
  await page.locator('h1 + .mark', { hasText: 'Crew on site' }).waitFor();
  expect(await report('repair', await streetPicture(31))).toBe(303);
  await page.getByRole('img', { name: /^Crew, repaired, / }).waitFor();
  await page.locator('.inspections', { hasText: 'Road seen whole damage in 0 of 12 pictures' }).waitFor();

  await page.getByRole('button', { name: 'Order rework' }).click();
  await page.getByLabel('Reason').fill('B 12');
  await page.locator('form.command button[type=submit]').click();
  await page.locator('.history li', { hasText: 'rework ordered · B 12' }).waitFor();
  expect(errors).toEqual([]);
});

test('at 1366 x 768 all fits in both languages; in Chinese no English is left but names, in English no Chinese', async () => {
  const { page, errors, elsewhere } = await desk.open({ locale: 'zh-CN' });
  await tour(page, async (where) => {
    expect(`${where}: ${latinWords(await textsOnScreen(page))}`).toBe(`${where}: `);
    await expectToFit(page, where);
  });
  await page.getByRole('button', { name: 'English' }).click();
  await tour(page, async (where) => {
    expect(`${where}: ${hanWords(await textsOnScreen(page))}`).toBe(`${where}: `);
    await expectToFit(page, where);
  });
  expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
});

test('at 1920 x 1080 no page scrolls and no button is cut off', async () => {
  const { page } = await desk.open({ width: 1920, height: 1080, colorScheme: 'dark' });
  await tour(page, (where) => expectToFit(page, where));
});

test('cameras and agents show what is wrong, as it happens', async () => {
  const { page } = await desk.open();
  await link(page, 4).click();
  await page.getByText('2 of 2 streaming').waitFor();
  await desk.agent.camera(
    'wentao-rd',
    { en: 'Wentao Road', zh: '闻涛路' },
    { state: 'covered', reason: 'lens covered' },
  );
  await page.locator('tr', { hasText: 'Wentao Road' }).getByText('covered', { exact: true }).waitFor();
  await page.getByText('lens covered').waitFor();
  await desk.agent.status(17, 'offline');
  await page.getByText('0 of 2 streaming').waitFor();
  await link(page, 5).click();
  await page.locator('tr', { hasText: 'binjiang/edge-1' }).getByText('offline').waitFor();
  await page.getByRole('cell', { name: '17' }).waitFor();
  await desk.agent.status();
  await page.getByText('1 of 1 online').waitFor();
  await desk.agent.saysNonsense('wentao-rd');
  await page.locator('tr', { hasText: 'cameras/wentao-rd/detections' }).getByText('not valid JSON').waitFor();
  await desk.agent.camera('wentao-rd', { en: 'Wentao Road', zh: '闻涛路' });
});

test('what a camera needs a maintainer for is read beside its state, also what a later version knows', async () => {
  const name = { en: 'Wentao Road', zh: '闻涛路' };
  const since = new Date().toISOString();
  await desk.agent.camera('wentao-rd', name, {
    faults: [
      {
        code: 'lens_dirty',
        detail: '55% of its usual sharpness; clean the lens, or see to its focus',
        since,
      },
      { code: 'known_next_year', detail: 'the wiper stands still', since },
    ],
  });
  onTestFinished(() => desk.agent.camera('wentao-rd', name));
  const { page } = await desk.open({ locale: 'zh-CN' });
  await link(page, 4).click();
  const row = page.locator('tr', { hasText: '闻涛路' });
  await row.getByText('镜头脏污或失焦').waitFor();
  await row.getByText('55% of its usual sharpness').waitFor();
  await row.getByText('the wiper stands still').waitFor();
  await row.getByRole('link', { name: '闻涛路' }).click();
  await page.locator('.camera-facts').waitFor();
  await page.getByText('镜头脏污或失焦').first().waitFor();
});

test('what troubles a box is read without a mouse, in the words of the page and in those of the box', async () => {
  const { page } = await desk.open({ locale: 'zh-CN' });
  const since = new Date().toISOString();
  const full = '/var/lib/roadwatch cannot be written: the disk is full (ENOSPC)';
  await desk.agent.status(0, 'online', [
    { code: 'disk_full', detail: full, since },
    { code: 'known_next_year', detail: 'the fan stands still', since },
  ]);
  onTestFinished(() => desk.agent.status());
  await link(page, 5).click();
  const row = page.locator('tr', { hasText: 'binjiang/edge-1' });
  await row.getByText('磁盘已满', { exact: true }).waitFor();
  await row.getByText(full, { exact: true }).waitFor();
  await row.getByText('the fan stands still', { exact: true }).waitFor();
  await expectToFit(page, 'agents');
});

test.each([
  ['en-US', /hot.*throttled.*disk almost full.*91 °C · 80% busy · 0.3 GB free · line 120 kB\/s/],
  ['zh-CN', /温度过高.*已降频.*磁盘将满.*91 °C · 占用 80% · 可用 0.3 GB · 线路 120 kB\/s/],
])('how a box itself is, and its line, is read beside it: %s', async (locale, words) => {
  const { page } = await desk.open({ locale });
  const disk = { what: 'data', freeBytes: 30e9, totalBytes: 60e9 };
  await desk.agent.status(0, 'online', [], {
    uplink: { bytesPerSecond: 120_000, waitingBytes: 0 },
    machine: {
      ...{
        temperatureCelsius: 91,
        throttled: true,
        clockShare: 0.5,
        busyShare: 0.8,
        load: 3.4,
        processors: 4,
      },
      memory: { freeBytes: 1e9, totalBytes: 8e9 },
      disks: [disk, { ...disk, what: 'ring', freeBytes: 0.3e9 }],
    },
  });
  onTestFinished(() => desk.agent.status());
  await link(page, 5).click();
  const box = page.getByRole('row', { name: /^binjiang\/edge-1 / });
  await box.getByText('91 °C').waitFor();
  await expect(box.textContent()).resolves.toMatch(words);
  await expectToFit(page, 'agents');
});

test('while one camera is watched, a click leads to another, however much is said of them', async () => {
  const { page } = await desk.open();
  const name = { en: 'Binsheng Road / Jiangnan Avenue, northern side, at the bus stop', zh: '滨盛路' };
  const reason = 'letters on one colour where the street was';
  await desk.agent.camera('wentao-rd', name, { state: 'placeholder', reason });
  desk.agent.streams = false;
  onTestFinished(async () => {
    desk.agent.streams = true;
    await desk.agent.camera('wentao-rd', { en: 'Wentao Road', zh: '闻涛路' });
  });
  await link(page, 4).click();
  await page.getByText(reason).waitFor();
  await page.getByRole('link', { name: 'Live' }).first().click();
  await page.getByText('The camera does not stream.').waitFor();
  await expectToFit(page, 'cameras and a live view');
});

test('a live view plays, says when it has ended or cannot be had, and can be started again', async () => {
  const { page, errors } = await desk.open();
  await link(page, 4).click();
  await page.locator('tr', { hasText: 'Binsheng Road' }).getByRole('link', { name: 'Live' }).click();
  await page.locator('.live[data-phase="playing"]').waitFor();
  expect(await coloursOfLive(page)).toBeGreaterThan(50);

  await desk.agent.endLive();
  await page.getByText('The live view has ended.').waitFor();
  expect(errors).toEqual([]);
  desk.agent.streams = false;
  onTestFinished(() => {
    desk.agent.streams = true;
  });
  await page.getByRole('button', { name: 'Start again' }).click();
  await page.getByText('The camera does not stream.').waitFor();
});

test('an admin lets another program in by a token, which is shown once, and shuts it out again', async () => {
  const { page, errors } = await desk.open();
  await link(page, 6).click();
  await page.locator('.admin > nav a[href$="/admin/tokens"]').click();
  await page.getByLabel('Name', { exact: true }).fill('Not A Name');
  await page.getByLabel('Valid for days').fill('30');
  await page.getByLabel('read alerts').check();
  expect(await page.getByLabel('Valid for days').inputValue()).toBe('30');
  await page.getByRole('button', { name: 'New token' }).click();
  expect(await page.locator('.new-token input:invalid').count()).toBe(1);
  await page.getByLabel('Name', { exact: true }).fill('city-map');
  await page.getByRole('button', { name: 'New token' }).click();
  const token = await page.getByLabel('Token', { exact: true }).inputValue();
  const use = async () => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(new URL('/api/alerts', desk.gateway.consoleUrl), { headers })).status;
  };
  expect(await use()).toBe(200);
  page.on('dialog', (dialog) => void dialog.accept());
  const row = page.getByRole('row', { name: /city-map/ });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await row.getByText('revoked').waitFor();
  expect(await use()).toBe(401);
  await page.reload();
  await page.getByText('city-map').waitFor();
  expect(await page.locator('.made').count()).toBe(0);
  expect(errors).toEqual([]);
});

test('a screen in another zone shows the time of the city, as the ticket’s number does, and says so', async () => {
  const { page } = await desk.open({ timezoneId: 'Pacific/Honolulu' });
  await page.locator('.zone', { hasText: 'Times: UTC+8' }).waitFor();
  await link(page, 2).click();
  await page.locator('tr', { hasText: 'Binsheng Road' }).locator('a').first().click();
  const heading = await page.locator('h1').first().innerText();
  const opened = await page.locator('dt:has-text("Opened") + dd').first().innerText();
  const day = /RW-\d{4}(\d\d)(\d\d)-/.exec(heading);
  expect(opened).toMatch(new RegExp(`^${day?.[1]}-${day?.[2]} `));

  const { page: home } = await desk.open({ timezoneId: 'Asia/Shanghai' });
  await home.getByRole('button', { name: 'Sign out' }).waitFor();
  expect(await home.locator('.zone').count()).toBe(0);
});
