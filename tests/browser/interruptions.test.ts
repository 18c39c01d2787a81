/** What an operator hears, in a real browser: what cannot wait, and nothing else; less of it when it comes too often. */
import type { DamageClass } from '@roadwatch/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { call, TestOperator } from '../../gateway/testing/operator.ts';
import { closePage, openPage, signIn, startBrowser } from './support/browser.ts';
import { type DeskSetup, setUpDesk } from './support/desk.ts';
import { emptyQueue } from './support/empty-queue.ts';
import type { RunningGateway } from './support/gateway.ts';
import { holeBox, SIZE, streetPicture } from './support/street-picture.ts';

const SOUNDS = {
  high_risk: [880, 1175],
  breach: [660, 660, 660],
  camera_lost: [523, 349],
} as const;
const NAME = { en: 'Wentao Road', zh: '闻涛路' };

/** The one who hears of all of it: of late answers, of scenes to look at, of suspensions that end. */
const LEAD = 'shift_lead';
/** A scene is to be looked at in an instant, and what is late is told once. */
const CLOCKS = {
  sceneLookMinutes: 0.01,
  escalation: { sceneLook: { '100': [LEAD] }, deadline: { '150': [] } },
};

let browser: Browser;
let desk: DeskSetup;
let lead: RunningGateway['login'];
beforeAll(async () => {
  browser = await startBrowser();
  desk = await setUpDesk(browser, { dispatch: { recallSeconds: 0 }, clocks: CLOCKS });
  lead = await desk.gateway.addUser('the.lead', LEAD);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});
afterEach(async () => {
  await emptyQueue(desk.gateway.consoleUrl, lead);
  await desk.agent.camera('wentao-rd', NAME);
});

let seed = 0;
async function sees(damageClass: DamageClass): Promise<void> {
  const picture = await streetPicture(++seed);
  await desk.agent.sees({ camera: 'binsheng-rd', damageClass, box: holeBox(seed), picture, size: SIZE });
}

/** Keeps what the browser is told to sound and to notify; `away`: as if another window were in front. */
const KEEP = `
  globalThis.heard = [];
  globalThis.notified = [];
  globalThis.away = false;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...args) {
    heard.push(Math.round(this.frequency.value));
    return start.apply(this, args);
  };
  const Real = Notification;
  globalThis.Notification = class extends Real {
    constructor(title, options) {
      super(title, options);
      notified.push(title + ': ' + options.body);
    }
  };
  Object.defineProperty(document, 'hidden', { get: () => away });
`;

async function open(locale = 'en-GB', permissions: readonly string[] = []) {
  const watched = await openPage(browser, desk.gateway.consoleUrl, { locale });
  const { page } = watched;
  onTestFinished(() => closePage(page));
  await page
    .context()
    .grantPermissions([...permissions], { origin: new URL(desk.gateway.consoleUrl).origin });
  await page.addInitScript(KEEP);
  await page.reload();
  // What comes before these are known is nothing new to this page.
  const known = ['/api/notices', '/api/cameras', '/api/alerts'].map((path) =>
    page.waitForResponse((answer) => new URL(answer.url()).pathname === path && answer.ok()),
  );
  await signIn(page, lead);
  await Promise.all(known);
  await page.locator('.interruptions').waitFor();
  return watched;
}

const heard = (page: Page) => page.evaluate<number[]>('heard');
const notified = (page: Page) => page.evaluate<string[]>('notified');
/** Waits until so many interruptions are counted. */
const counted = (page: Page, count: number) =>
  page.locator('.interruptions .figures', { hasText: new RegExp(`^${count} interruption`) }).waitFor();

async function turnOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sound off' }).click();
  await page.getByRole('button', { name: 'Sound on' }).waitFor();
  // It lets hear at once what it is like.
  expect(await heard(page)).toEqual(SOUNDS.high_risk);
  await page.evaluate('heard.length = 0');
}

/** Of tickets to come. */
async function answerWithin(responseMinutes: number): Promise<void> {
  const { consoleUrl, login } = desk.gateway;
  const admin = await TestOperator.login(consoleUrl, login.username, login.password);
  const { version, document } = (await admin.get('/api/settings/deadlines')).body;
  const changed = { version, document: { ...document, responseMinutes } };
  const answer = await call(consoleUrl, 'PUT', '/api/settings/deadlines', {
    headers: admin.headers,
    body: changed,
  });
  expect(answer.status).toBe(200);
}

/** Sends what was seen last to its unit. */
async function dispatched() {
  const operator = await TestOperator.login(desk.gateway.consoleUrl, lead.username, lead.password);
  return { operator, ticket: await operator.dispatch() };
}

/** Resolves when the whole time of that clock is over and its notice was written. */
async function told(operator: TestOperator, ticket: string, kind: string): Promise<void> {
  const isOver = (each: { kind: string; percent: number; ticketId: string }) =>
    each.kind === kind && each.percent === 100 && ticket.endsWith(each.ticketId);
  await operator.until('/api/notices', ({ items }) => items.some(isOver));
}

test('a dangerous alert, a missed deadline and a lost camera are heard, each by a sound of its own, and nothing else is', async () => {
  const { page, errors } = await open();
  await turnOn(page);
  await sees('transverse_crack');
  await page.locator('.queue .item').waitFor();
  await desk.agent.camera('wentao-rd', NAME, { state: 'dark', reason: 'night' });
  await sees('pothole');
  await counted(page, 1);
  expect(await heard(page)).toEqual(SOUNDS.high_risk);

  await desk.agent.camera('wentao-rd', NAME, { state: 'covered', reason: 'lens covered' });
  await counted(page, 2);
  expect(await heard(page)).toEqual([...SOUNDS.high_risk, ...SOUNDS.camera_lost]);

  await answerWithin(0.01);
  const { operator, ticket } = await dispatched();
  await told(operator, ticket, 'response');
  await counted(page, 3);
  expect(await heard(page)).toEqual([...SOUNDS.high_risk, ...SOUNDS.camera_lost, ...SOUNDS.breach]);
  expect(errors).toEqual([]);
  await answerWithin(30);
}, 180_000);

test('a scene to look at and a suspension that ends are told, and not heard as if anybody were late', async () => {
  const { page, errors } = await open();
  await turnOn(page);
  await sees('transverse_crack');
  const { operator, ticket } = await dispatched();
  await told(operator, ticket, 'scene_look');
  const { body: accepted } = await operator.post(`${ticket}/transitions`, { command: 'accept' });
  const reviewAt = new Date(Date.now() + 500).toISOString();
  const suspend = { command: 'suspend', version: accepted.version, reason: 'frost', reviewAt };
  expect((await operator.post(`${ticket}/transitions`, suspend)).status).toBe(200);
  const shown = page.waitForResponse(
    async (answer) => answer.url().endsWith('/api/notices') && (await answer.text()).includes('"suspension"'),
  );
  await told(operator, ticket, 'suspension');
  await shown;
  // What is to be heard comes behind it.
  await sees('pothole');
  await counted(page, 1);
  expect(await heard(page)).toEqual(SOUNDS.high_risk);
  expect(errors).toEqual([]);
}, 180_000);

test('without being turned on nothing sounds and nobody is asked for anything, but it is counted', async () => {
  const { page } = await open('en-GB', ['notifications']);
  await page.evaluate('away = true');
  await sees('pothole');
  await counted(page, 1);
  expect([await heard(page), await notified(page)]).toEqual([[], []]);
}, 180_000);

test('of a flood that is said, and one sound stands for all of a minute', async () => {
  const { page } = await open();
  await turnOn(page);
  const most = 12;
  for (let count = 1; count <= most; count++) {
    await desk.agent.camera(`camera-${count}`, NAME, { state: 'stalled' });
    await counted(page, count);
  }
  await page.getByText('More comes than can be heard').waitFor();
  expect((await heard(page)).length).toBe(10 * SOUNDS.camera_lost.length);
}, 180_000);

test.each([
  ['en-GB', 'Sound off', 'Roadwatch: A new alert of high risk waits.'],
  ['zh-CN', '声音已关', '路况哨兵: 有新的高风险预警待核实。'],
])(
  'behind another window a notification says it in %s, if the browser allows it',
  async (locale, off, said) => {
    const { page } = await open(locale, ['notifications']);
    await page.getByRole('button', { name: off }).click();
    await page.locator('.interruptions button[aria-pressed=true]').waitFor();
    await sees('pothole');
    await page.locator('.queue .item').waitFor();
    await expect.poll(() => heard(page)).toHaveLength(2 * SOUNDS.high_risk.length);
    expect(await notified(page)).toEqual([]);
    await page.evaluate('away = true');
    await sees('pothole');
    await expect.poll(() => notified(page)).toEqual([said]);
  },
);

test('where the browser does not allow notifications there are none, and it sounds all the same', async () => {
  const { page, errors } = await open();
  await turnOn(page);
  await page.evaluate('away = true');
  await sees('pothole');
  await counted(page, 1);
  expect([await heard(page), await notified(page)]).toEqual([SOUNDS.high_risk, []]);
  expect(errors).toEqual([]);
}, 180_000);
