/** A verdict is never lost, and no key press is swallowed: whatever becomes of session, gateway, answer, tab and browser meanwhile. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { signIn, startBrowser } from './support/browser.ts';
import { atHand, type DeskSetup, queueOf, setUpDesk } from './support/desk.ts';

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

const DISPATCHED = /Ticket RW-\d{8}-\d{6}.*dispatched/s;
const recall = (page: Page) => page.locator('.recall');
const denied = (page: Page, text: string) => page.locator('.denied', { hasText: text });

/** No request about verdicts gets through until the returned function is called. */
async function cutOff(context: BrowserContext): Promise<() => Promise<void>> {
  const verdicts = /\/api\/alerts\/[^/]+\/(confirm|reject|shelve|undo|merge)$/;
  await context.route(verdicts, (route) => route.abort());
  return () => context.unroute(verdicts);
}

test('Enter after the session has ended: the login page says that a verdict waits, and it is sent after the login', async () => {
  await desk.seesHole('binsheng-rd');
  const { page } = await desk.open();
  await atHand(page, 'Binsheng Road');
  await page.context().clearCookies();
  await page.keyboard.press('Enter');
  await page.getByText('1 verdict of admin has not been sent').waitFor();
  await signIn(page, desk.gateway.login);
  await recall(page).filter({ hasText: DISPATCHED }).waitFor();
});

test('Enter while the gateway is gone is kept, also over a reload, and sent when it is back', async () => {
  await desk.seesHole('binsheng-rd');
  await desk.seesHole('wentao-rd');
  const { page } = await desk.open();
  await atHand(page, 'Binsheng Road');
  await desk.gateway.restart(async () => {
    await page.keyboard.press('Enter');
    await recall(page).filter({ hasText: 'kept, and sent by itself' }).waitFor();
    await atHand(page, 'Wentao Road');
    await page.keyboard.press('n');
    await page.keyboard.press('1');
    await page.locator('.stage .nothing', { hasText: 'cannot be reached' }).waitFor();
  });
  await recall(page).filter({ hasText: DISPATCHED }).waitFor();
  await recall(page)
    .filter({ hasText: /Rejected: / })
    .waitFor();
  // And is found long after.
  await page.getByRole('link', { name: 'Verdicts' }).click();
  await page.getByRole('button', { name: 'Verdicts of this browser' }).click();
  const own = page.locator('.own-verdicts li');
  expect(await own.filter({ hasText: 'Wentao Road' }).first().innerText()).toContain('Rejected');
  expect(await own.filter({ hasText: 'Binsheng Road' }).first().innerText()).toMatch(DISPATCHED);
});

test('a page that is closed with a verdict on its way asks first, and another one sends it', async () => {
  await desk.seesHole('binsheng-rd');
  const { page } = await desk.open();
  await atHand(page, 'Binsheng Road');
  const context = page.context();
  const mend = await cutOff(context);
  await page.keyboard.press('Enter');
  await recall(page).filter({ hasText: 'kept, and sent by itself' }).waitFor();
  const asked = page.waitForEvent('dialog');
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
  await closed;
  await mend();
  const again = await context.newPage();
  await again.goto(desk.gateway.consoleUrl);
  await recall(again).filter({ hasText: DISPATCHED }).waitFor();
});

test('an answer that is lost after the commit: the ticket is named all the same, and there is one', async () => {
  await desk.seesHole('binsheng-rd');
  const { page } = await desk.open();
  await atHand(page, 'Binsheng Road');
  let lost = 0;
  await page.route(/\/confirm$/, async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    const answer = await route.fetch();
    expect(answer.status()).toBe(200);
    return route.abort();
  });
  await page.keyboard.press('Enter');
  await recall(page).filter({ hasText: DISPATCHED }).waitFor();
  expect(lost).toBe(1);
});

test('six Enters as fast as keys come: each judges what was seen or is told why not', async () => {
  for (let n = 0; n < 6; n++) await desk.seesHole('binsheng-rd');
  const { page } = await desk.open();
  await queueOf(page, 6);
  await atHand(page, 'Binsheng Road');
  // Two within the time in which nobody can have looked.
  await page.evaluate(
    `for (let n = 0; n < 2; n++) document.body.dispatchEvent(new KeyboardEvent('keydown', { code: 'Enter', key: 'Enter', bubbles: true }))`,
  );
  await denied(page, 'this alert has only just appeared').waitFor();
  expect(await queueOf(page, 5)).toHaveLength(5);
  for (let left = 5; left > 0; left--) {
    await atHand(page, 'Binsheng Road');
    await page.keyboard.press('Enter');
    await queueOf(page, left - 1);
  }
  await page.keyboard.press('Enter');
  await denied(page, 'No alert is at hand').waitFor();
});

test('U after the order has gone out says so and names the ticket', async () => {
  await desk.seesHole('binsheng-rd');
  const { page } = await desk.open();
  await atHand(page, 'Binsheng Road');
  await page.keyboard.press('Enter');
  await recall(page).filter({ hasText: DISPATCHED }).waitFor();
  await page.keyboard.press('u');
  await denied(page, 'has gone out: cancel it on its own page').waitFor();
});

test('U takes back what has not been sent yet, and nothing is sent', async () => {
  await desk.seesHole('binsheng-rd');
  await desk.seesHole('wentao-rd');
  const { page } = await desk.open();
  await atHand(page, 'Binsheng Road');
  const mend = await cutOff(page.context());
  await page.keyboard.press('Enter');
  await atHand(page, 'Wentao Road');
  await page.keyboard.press('Enter');
  await page.locator('.stage .nothing').waitFor();
  await page.keyboard.press('u');
  await recall(page).filter({ hasText: 'Taken back before it was sent' }).waitFor();
  await atHand(page, 'Wentao Road');
  await mend();
  await recall(page).filter({ hasText: DISPATCHED }).waitFor();
  expect(await queueOf(page, 1)).toEqual(['Wentao Road']);
});

test('a Chinese input method that is on takes no key away', async () => {
  await desk.seesHole('binsheng-rd');
  const { page } = await desk.open({ locale: 'zh-CN' });
  await atHand(page, '滨盛路');
  const press = (code: string) =>
    page.evaluate(
      `document.body.dispatchEvent(new KeyboardEvent('keydown', { code: '${code}', key: 'Process', keyCode: 229, isComposing: true, bubbles: true }))`,
    );
  await press('KeyN');
  await page.getByText('为什么不属实？').waitFor();
  await press('Digit4');
  await recall(page).filter({ hasText: '阴影或积水' }).waitFor();
});

test('two tabs of one browser send each verdict once, and both say what became of it', async () => {
  await desk.seesHole('binsheng-rd');
  await desk.seesHole('wentao-rd');
  const { page: first } = await desk.open();
  const context = first.context();
  const second = await context.newPage();
  await second.goto(desk.gateway.consoleUrl);
  // Both wait at the first one's desk: one at hand, one ahead.
  await second.getByText('2 alerts wait; other desks have them').waitFor();
  await atHand(first, 'Binsheng Road');
  const sent: string[] = [];
  context.on('request', (request) => {
    if (request.url().endsWith('/confirm')) sent.push(request.url());
  });
  const mend = await cutOff(context);
  await first.keyboard.press('Enter');
  await recall(second)
    .filter({ hasText: /kept, and sent by itself|being stored/ })
    .waitFor();
  await mend();
  for (const tab of [first, second]) await recall(tab).filter({ hasText: DISPATCHED }).waitFor();
  const answered = sent.length;
  await atHand(first, 'Wentao Road');
  await first.keyboard.press('Enter');
  await recall(second)
    .filter({ hasText: /Wentao Road\s*Ticket/ })
    .waitFor();
  expect(sent.length).toBe(answered + 1);
});

test('what another person left is not sent under my name: it is said, and can be thrown away', async () => {
  await desk.seesHole('binsheng-rd');
  const { page } = await desk.open();
  await atHand(page, 'Binsheng Road');
  const other = await desk.gateway.addUser('li.na', 'operator');
  const mend = await cutOff(page.context());
  await page.keyboard.press('Enter');
  await recall(page).filter({ hasText: 'kept, and sent by itself' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, other);
  await mend();
  await page.getByText('1 verdict of admin has not been sent').waitFor();
  await atHand(page, 'Binsheng Road');
  page.on('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: 'Throw away' }).click();
  await page.getByText('1 verdict of admin has not been sent').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, desk.gateway.login);
  expect(await queueOf(page, 1)).toEqual(['Binsheng Road']);
});

test('a browser that keeps nothing says so, and sends what it was told all the same', async () => {
  await desk.seesHole('binsheng-rd');
  const context = await browser.newContext({ locale: 'en-GB' });
  onTestFinished(() => context.close());
  await context.addInitScript(
    `indexedDB.open = () => { throw new DOMException('forbidden', 'SecurityError'); }`,
  );
  const page = await context.newPage();
  await page.goto(desk.gateway.consoleUrl);
  await signIn(page, desk.gateway.login);
  await page.getByText('This browser keeps nothing for this page').waitFor();
  await atHand(page, 'Binsheng Road');
  await page.keyboard.press('Enter');
  await recall(page).filter({ hasText: DISPATCHED }).waitFor();
});
