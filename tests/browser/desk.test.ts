/** An operator at the desk, in a real browser, on a real gateway that gets its alerts over MQTT. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { shortClip } from './support/clip.ts';
import { atHand, type DeskSetup, queueOf, setUpDesk } from './support/desk.ts';
import { FieldAgent } from './support/field-agent.ts';
import { clipStartsAgain } from './support/in-page.ts';
import { holeBox, SIZE, streetPicture } from './support/street-picture.ts';

/** With a gateway of their own, or many pages, on a machine that does much else. */
const SLOW_MS = 180_000;

let browser: Browser;
let desk: DeskSetup;
beforeAll(async () => {
  browser = await startBrowser();
  desk = await setUpDesk(browser, { dispatch: { recallSeconds: 1 } });
});
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});
afterEach(() => desk.emptyQueue());

async function ownDesk(config: object): Promise<DeskSetup> {
  const own = await setUpDesk(browser, config);
  onTestFinished(() => own.stop());
  return own;
}

test('an alert appears by itself, Enter dispatches it, and the next one is at hand', async () => {
  const { seesHole, open } = desk;
  const { page, errors, elsewhere } = await open();
  await page.getByText('Nothing to verify').waitFor();

  await seesHole('binsheng-rd');
  await atHand(page, 'Binsheng Road');
  expect(await page.locator('.picture rect.box').count()).toBe(1);
  // The number comes with the list, which need not be there before the alert at hand.
  await expect.poll(() => page.title(), { timeout: 20_000 }).toBe('(1) Roadwatch');
  await seesHole('wentao-rd');
  expect(await queueOf(page, 2)).toEqual(['Binsheng Road', 'Wentao Road']);

  await page.keyboard.press('Enter');
  await atHand(page, 'Wentao Road');
  await page.locator('.recall', { hasText: /Ticket RW-\d{8}-000001/ }).waitFor();
  await page.locator('.recall', { hasText: 'dispatched' }).waitFor();

  await page.getByRole('link', { name: 'Tickets', exact: true }).click();
  await page.locator('td', { hasText: 'Dispatched' }).waitFor();
  await page.locator('.clock', { hasText: /29:\d\d left/ }).waitFor();
  expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
});

test('a link to an alert that there is not says so, and one to what has gone out leads to its ticket without a trap', async () => {
  const { seesHole, open, gateway } = desk;
  await seesHole('binsheng-rd');
  const { page } = await open();
  await atHand(page, 'Binsheng Road');
  await page.goto(new URL('/alerts/0198c0de-0000-7000-8000-000000000001', gateway.consoleUrl).href);
  await page.getByText('The alert of the link cannot be opened. There is no such alert.').waitFor();
  await atHand(page, 'Binsheng Road');
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  expect(await page.getByText('The alert of the link').count()).toBe(0);

  const judged = page.waitForResponse((answer) => answer.url().endsWith('/confirm'));
  await page.keyboard.press('Enter');
  const [, id] = /alerts\/([^/]+)\/confirm$/.exec((await judged).url()) ?? [];
  await page.getByRole('link', { name: 'Map', exact: true }).click();
  await page.waitForURL('**/map*');
  await page.goto(new URL(`/alerts/${id}`, gateway.consoleUrl).href);
  await page.waitForURL('**/tickets/*');
  await page.goBack();
  await page.waitForURL('**/map*');
});

test('U takes a dispatch back before it has left, and the alert is at hand again', async () => {
  const { seesHole, open } = await ownDesk({ dispatch: { recallSeconds: 60 } });
  await seesHole('binsheng-rd');
  await seesHole('wentao-rd');
  const { page } = await open();
  await atHand(page, 'Binsheng Road');

  await page.keyboard.press('Enter');
  await atHand(page, 'Wentao Road');
  await page.keyboard.press('u');
  await page.locator('.recall', { hasText: 'Taken back' }).waitFor();
  await atHand(page, 'Binsheng Road');

  await page.getByRole('link', { name: 'Tickets', exact: true }).click();
  await page.getByText('No tickets').waitFor();
  await page.getByRole('button', { name: 'Ended', exact: true }).click();
  await page.locator('td', { hasText: 'Cancelled' }).waitFor();
});

test('N and a digit reject with that reason, and while it is asked for Enter dispatches nothing', async () => {
  const { seesHole, open } = desk;
  await seesHole('binsheng-rd');
  const { page } = await open();
  await atHand(page, 'Binsheng Road');

  await page.keyboard.press('n');
  await page.getByText('Why is it not damage?').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('4');
  await page.locator('.recall', { hasText: 'Rejected: Shadow or water' }).waitFor();
  await page.getByText('Nothing to verify').waitFor();

  expect(await page.locator('.recall a').count()).toBe(0);

  // Also long after, a verdict can be looked up and taken back.
  await page.getByRole('link', { name: 'Verdicts' }).click();
  await page
    .locator('.judged li', { hasText: 'Shadow or water' })
    .getByRole('button', { name: 'Take back' })
    .click();
  await page.locator('.judged li', { hasText: 'Shadow or water' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Alerts' }).click();
  await atHand(page, 'Binsheng Road');
});

test('B rejects what the list shows, but for what is left out, and U takes all of it back', async () => {
  const { seesHole, open } = desk;
  for (const camera of ['binsheng-rd', 'wentao-rd', 'binsheng-rd'] as const) await seesHole(camera);
  const { page } = await open();
  await atHand(page, 'Binsheng Road');
  await queueOf(page, 3);
  await page.keyboard.press('b');
  await page.getByText('Reject the 3 alerts that the list shows: why?').waitFor();
  expect(await page.locator('.batch li').count()).toBe(3);
  await page.locator('.batch').getByRole('button', { name: 'Leave it out Pothole Wentao Road' }).click();
  await page.getByText('Reject the 2 alerts that the list shows: why?').waitFor();
  await page.keyboard.press('4');
  await page.locator('.recall', { hasText: '2 alerts2 rejected: Shadow or water' }).waitFor();
  expect(await queueOf(page, 1)).toEqual(['Wentao Road']);
  await atHand(page, 'Wentao Road');

  await page.keyboard.press('u');
  await page.locator('.recall', { hasText: 'Taken back' }).waitFor();
  expect(await queueOf(page, 3)).toHaveLength(3);
});

test('of verdicts the one given last stands first; who gave them is an address, and so is what they were', async () => {
  const { seesHole, open } = desk;
  await seesHole('binsheng-rd');
  await seesHole('wentao-rd');
  const { page } = await open();
  // The newer one is judged before the older.
  await atHand(page, 'Binsheng Road');
  await page.keyboard.press('j');
  for (const [camera, digit] of [
    ['Wentao Road', '1'],
    ['Binsheng Road', '2'],
  ] as const) {
    await atHand(page, camera);
    await page.keyboard.press('n');
    await page.keyboard.press(digit);
    await page.locator('.recall .verdict', { hasText: `${camera}Rejected` }).waitFor();
  }
  await page.getByRole('link', { name: 'Verdicts' }).click();
  const rows = page.locator('.judged .where');
  await rows.nth(1).waitFor();
  expect((await rows.allInnerTexts()).slice(0, 2)).toEqual(['Binsheng Road', 'Wentao Road']);
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.locator('[name=by]').fill('nobody');
  await page.keyboard.press('Enter');
  await page.getByText('None', { exact: true }).waitFor();
  expect(new URL(page.url()).search).toBe('?by=nobody');
  await page.goBack();
  await rows.nth(1).waitFor();
});

test('what arrives moves neither the alert at hand nor what the pointer is on', async () => {
  const { seesHole, open } = desk;
  await seesHole('binsheng-rd');
  const { page } = await open();
  await atHand(page, 'Binsheng Road');
  await page.locator('.queue .item').first().hover();

  await seesHole('wentao-rd');
  await page.getByRole('button', { name: '1 new alert' }).waitFor();
  expect(await queueOf(page, 1)).toEqual(['Binsheng Road']);

  await page.locator('.facts').hover();
  expect(await queueOf(page, 2)).toEqual(['Binsheng Road', 'Wentao Road']);
  await atHand(page, 'Binsheng Road');
});

test('S and a digit shelve, O takes the box away, Z zooms, J and K walk', async () => {
  const { seesHole, open } = desk;
  await seesHole('binsheng-rd');
  await seesHole('wentao-rd');
  const { page } = await open();
  await atHand(page, 'Binsheng Road');

  await page.keyboard.press('o');
  await page.locator('.picture rect.box').waitFor({ state: 'detached' });
  await page.keyboard.press('z');
  await page.locator('.picture svg:not([viewBox="0 0 1280 720"])').waitFor();
  await page.keyboard.press('j');
  await atHand(page, 'Wentao Road');
  await page.keyboard.press('k');
  await atHand(page, 'Binsheng Road');
  await page.keyboard.press('s');
  await page.keyboard.press('1');
  await page.locator('.recall', { hasText: 'Shelved until' }).waitFor();
  expect(await queueOf(page, 1)).toEqual(['Wentao Road']);
});

test(
  'two alerts that are one thing become one by a click, and two again by another',
  async () => {
    const { seesHole, open } = await ownDesk({});
    const { page, errors } = await open();
    await seesHole('binsheng-rd');
    await seesHole('binsheng-rd');
    await queueOf(page, 2);
    await atHand(page, 'Binsheng Road');
    await page.getByRole('button', { name: 'The same', exact: true }).click();
    expect(await queueOf(page, 1)).toEqual(['Binsheng Road']);
    await page.getByRole('button', { name: 'Not the same' }).click();
    // So soon the list may still be told of the merging after it has shown both again.
    const where = page.locator('.queue .item .where');
    await expect
      .poll(() => where.allInnerTexts(), { timeout: 30_000 })
      .toEqual(['Binsheng Road', 'Binsheng Road']);
    expect(errors).toEqual([]);
  },
  SLOW_MS,
);

test('V plays the clip, again and again, and Escape goes back to the picture', async () => {
  const { seesHole, open, agent } = desk;
  agent.clipsBeginAt = '2026-11-23T08:15:29.000Z';
  onTestFinished(() => {
    agent.clipsBeginAt = null;
  });
  await seesHole('binsheng-rd', await shortClip());
  const { page, errors } = await open();
  await atHand(page, 'Binsheng Road');
  await page.keyboard.press('v');
  await page.locator('.picture video').waitFor();
  await clipStartsAgain(page);
  await page.getByText(/Begins at .*; nothing before that was recorded/).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.picture svg').waitFor();
  expect(errors).toEqual([]);
});

test('a clip that its box keeps is asked for at a button and plays once it has come; one that is gone is said to be', async () => {
  const { seesHole, open, agent } = desk;
  agent.keepsClips = true;
  onTestFinished(() => {
    agent.keepsClips = false;
  });
  // Each of its own: what is at the gateway already is not asked for.
  await seesHole('binsheng-rd', await shortClip(2));
  const { page, errors } = await open();
  await atHand(page, 'Binsheng Road');
  await page.keyboard.press('v');
  await page.getByText('The clip is kept on the box and has not been sent.').waitFor();
  await page.getByRole('button', { name: 'Ask for the clip' }).click();
  await page.locator('.picture video').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  expect(errors).toEqual([]);

  await seesHole('wentao-rd', await shortClip(3));
  await atHand(page, 'Wentao Road');
  agent.forgetClips();
  await page.keyboard.press('v');
  await page.getByRole('button', { name: 'Ask for the clip' }).click();
  await page.getByRole('alert').getByText('The box does not have it any more.').waitFor();
});

test(
  'three desks are given different alerts, and one that is left gives its own back',
  async () => {
    const { seesHole, open } = desk;
    for (let n = 0; n < 6; n++) await seesHole('binsheng-rd');
    const desks = [await open(), await open(), await open()];
    const atHandOf = async ({ page }: (typeof desks)[number]) => {
      await atHand(page, 'Binsheng Road');
      return page.locator('.item[aria-current]').getAttribute('data-alert');
    };
    const given = await Promise.all(desks.map(atHandOf));
    expect(new Set(given).size).toBe(3);

    // One to judge and one ahead at each: a fourth has to wait until one of them is left.
    const fourth = await open();
    await fourth.page.getByText('6 alerts wait; other desks have them').waitFor();
    await desks[0]?.page.goto('about:blank');
    expect(given[0]).toBe(await atHandOf(fourth));

    for (const { page } of desks.slice(1)) await page.keyboard.press('Enter');
    await queueOf(fourth.page, 4);
  },
  SLOW_MS,
);

test('an alert that is judged by somebody else while it is at hand says by whom, and Enter goes on', async () => {
  const { seesHole, open } = desk;
  await seesHole('binsheng-rd');
  const { page, errors } = await open();
  await atHand(page, 'Binsheng Road');
  await desk.emptyQueue();
  await page.getByText('admin has judged this alert: rejected').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Nothing to verify').waitFor();
  expect(errors).toEqual([]);
});

test(
  'M and a digit make two alerts one, and two again',
  async () => {
    const { seesHole, open } = await ownDesk({});
    await seesHole('binsheng-rd');
    await seesHole('binsheng-rd');
    const { page } = await open();
    await queueOf(page, 2);
    await atHand(page, 'Binsheng Road');
    await page.getByText('Is it the same?').waitFor();
    await page.keyboard.press('m');
    await page.keyboard.press('1');
    await queueOf(page, 1);
    await page.getByText('Also this').waitFor();
    await page.keyboard.press('m');
    await page.keyboard.press('1');
    await queueOf(page, 2);
  },
  SLOW_MS,
);

test(
  'of ten thousand that wait the list shows those that it is scrolled to, and counts them all',
  async () => {
    const own = await ownDesk({});
    await own.gateway.fillQueue(10_000);
    const { page } = await own.open();
    await page.locator('.queue .count', { hasText: '10000' }).waitFor();
    await atHand(page, 'camera-');
    expect(await page.locator('.queue .item').count()).toBeLessThan(40);
    const scroll = (top: string) => page.evaluate(`document.querySelector('.rows').scrollTop = ${top}`);
    await scroll('76 * 150');
    await page.locator('li[aria-posinset="156"] [data-alert]').waitFor();
    await scroll('76 * 9_999');
    await page.locator('li[aria-posinset="10000"] [data-alert]').waitFor({ timeout: 120_000 });
    expect(await page.locator('.queue .item').count()).toBeLessThan(40);
  },
  SLOW_MS,
);

test('while the gateway is away it says so, and what came meanwhile is there when it is back', async () => {
  const { gateway, agent, seesHole, open } = desk;
  const { page } = await open();
  await page.getByText('Nothing to verify').waitFor();
  await gateway.restart(async () => {
    await page.getByText('Connection to the gateway lost.').waitFor();
  });
  await agent.reconnected();
  await seesHole('binsheng-rd');
  await atHand(page, 'Binsheng Road');
  await page.getByText('Connection to the gateway lost.').waitFor({ state: 'detached' });
});

test('every picture says which camera it is from, and what another box sends stands beside the first one’s', async () => {
  const { gateway, agent, open } = await ownDesk({ dispatch: { recallSeconds: 0 } });
  const other = await FieldAgent.connect(
    gateway.mqttUrl,
    await gateway.addAgent('binjiang/edge-2'),
    'edge-2',
  );
  onTestFinished(() => other.end());
  await other.camera('pole-7', { en: 'Pole 7', zh: '七号杆' });
  const hole = { damageClass: 'pothole', positionOf: 'damage', size: SIZE } as const;
  const see = async (who: FieldAgent, camera: string, seed: number, score: number): Promise<void> => {
    const picture = await streetPicture(seed);
    await who.sees({ ...hole, camera, picture, score, box: holeBox(seed) });
  };
  await see(agent, 'binsheng-rd', 1, 0.7);
  await see(other, 'pole-7', 2, 1);
  const { page } = await open();
  await atHand(page, 'Binsheng Road');
  const shown = page.locator('.picture-of');
  const picture = () => page.locator('.picture svg image').getAttribute('href');
  expect(await shown.innerText()).toBe('Binsheng Road · binjiang/edge-1');
  const own = await picture();
  const sources = page.getByRole('toolbar', { name: 'Pictures of' });
  await sources.getByRole('button', { name: 'Pole 7' }).click();
  await shown.filter({ hasText: 'Pole 7 · binjiang/edge-2' }).waitFor();
  expect(await picture()).not.toBe(own);
  await sources.getByRole('button', { name: 'Binsheng Road' }).click();
  await shown.filter({ hasText: 'Binsheng Road · binjiang/edge-1' }).waitFor();
  expect(await picture()).toBe(own);

  await page.keyboard.press('n');
  await page.getByText('Why is it not damage?').waitFor();
  await page.keyboard.press('1');
  await atHand(page, 'Pole 7');
  expect(await shown.innerText()).toBe('Pole 7 · binjiang/edge-2');
  expect(await picture()).not.toBe(own);
});
