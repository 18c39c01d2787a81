/** Tickets in a real browser on a real gateway: an operator's list, the scene, judging repairs, and a unit's shift in miniature. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { closePage, openPage, signIn, startBrowser } from './support/browser.ts';
import { CityDesk } from './support/city-desk.ts';
import type { RunningGateway } from './support/gateway.ts';
import { streetPicture } from './support/street-picture.ts';

const FAIL = { result: 'fail', looked: 12, seen: 9, score: 0.8 } as const;
const PASS = { result: 'pass', looked: 12, seen: 0, score: 0.03 } as const;

/** A gateway, an agent and several browsers for each test, on a machine that does much else. */
const LIMIT_MS = 240_000;

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

/** `sceneLookMinutes` and `responseMinutes`: the time of the day is the machine's, so the clocks are short where one is waited for. */
async function city(clocks: object = {}): Promise<CityDesk> {
  const desk = await CityDesk.start({
    dispatch: { recallSeconds: 0 },
    inspection: { afterMinutes: 0.01 },
    agents: { limits: { cameras: 400, megabytesPerMinute: 1000 } },
    clocks: { resolutionHours: { pothole: 24, alligator_crack: 2 }, ...clocks },
  });
  onTestFinished(() => desk.stop());
  return desk;
}

async function open(
  desk: { readonly gateway: RunningGateway },
  user: { readonly username: string; readonly password: string },
  path = '/tickets',
) {
  const watched = await openPage(browser, new URL(path, desk.gateway.consoleUrl).href);
  onTestFinished(() => closePage(watched.page));
  await signIn(watched.page, user);
  return watched;
}

const rows = (page: Page) => page.locator('tr[data-ticket]');

test(
  'of 300 open tickets the one whose deadline comes next is on top, and the last is reached by scrolling',
  async () => {
    const desk = await city();
    const urgent = await desk.ticket('alligator_crack');
    await desk.tickets(299);
    const { page, errors } = await open(desk, desk.gateway.login);
    await rows(page).first().waitFor();
    await page.getByText('300 tickets', { exact: true }).waitFor();
    expect(await rows(page).first().getAttribute('data-ticket')).toBe(urgent);
    while ((await rows(page).count()) < 300) {
      const before = await rows(page).count();
      // The button that is scrolled to may be the one of before, which has just been answered.
      const onward = async () => {
        const more = page.locator('.more button');
        await more.scrollIntoViewIfNeeded({ timeout: 1_000 }).catch(() => {});
        return rows(page).count();
      };
      await expect.poll(onward, { timeout: 20_000 }).toBeGreaterThan(before);
    }
    const ids = await rows(page).evaluateAll((found) => found.map((row) => row.getAttribute('data-ticket')));
    expect(new Set(ids).size).toBe(300);

    // The address is the list: another person sees the same by it.
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByLabel('Damage').selectOption('alligator_crack');
    await page.getByText('1 ticket', { exact: true }).waitFor();
    const { page: other } = await open(
      desk,
      desk.gateway.login,
      new URL(page.url()).pathname + new URL(page.url()).search,
    );
    await other.getByText('1 ticket', { exact: true }).waitFor();
    expect(errors).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'what happens to a ticket is seen at once, and nothing under the pointer moves',
  async () => {
    const desk = await city();
    const [first, second] = [await desk.ticket(), await desk.ticket()];
    const { page } = await open(desk, desk.gateway.login, '/tickets?lane=waiting');
    await rows(page).nth(1).hover();
    await desk.command(first, { command: 'accept' });
    await page.getByRole('button', { name: '1 change: sort anew' }).waitFor();
    expect(
      await rows(page).evaluateAll((found) => found.map((row) => row.getAttribute('data-ticket'))),
    ).toEqual([first, second]);
    await rows(page).first().getByText('Moved on').waitFor();
    await page.locator('h1').hover();
    await rows(page).nth(1).waitFor({ state: 'detached' });
    expect(await rows(page).first().getAttribute('data-ticket')).toBe(second);
    await page.locator('[data-lane="at_work"]', { hasText: '1' }).waitFor();
  },
  LIMIT_MS,
);

test(
  'some time after the dispatch the row offers the scene, live, and what was seen there is the response',
  async () => {
    const desk = await city({ sceneLookMinutes: 0.01 });
    const ticket = await desk.ticket();
    const { page, errors } = await open(desk, desk.gateway.login);
    await rows(page).first().getByRole('button', { name: 'Look at the scene' }).click();
    await page.locator('.live[data-phase="playing"]').waitFor();
    await page.getByRole('button', { name: 'Nobody there' }).click();
    await page.locator('.scene-row').waitFor({ state: 'detached' });
    // It is asked again, after the same time.
    await rows(page).first().getByRole('button', { name: 'Look at the scene' }).click();
    await page.locator('.scene-answers').waitFor();
    await page.keyboard.press('1');
    await page.locator('.scene-row').waitFor({ state: 'detached' });
    await rows(page).first().getByText('Crew on site').waitFor();
    const { clocks, sceneLooks } = await desk.detail(ticket);
    expect(sceneLooks.map(({ answer }: { answer: string }) => answer)).toEqual(['not_arrived', 'arrived']);
    expect(clocks.find(({ kind }: { kind: string }) => kind === 'response')).toMatchObject({ state: 'met' });
    await page.goto(new URL(`/tickets/${ticket}`, desk.gateway.consoleUrl).href);
    await page
      .locator('.history li', { hasText: 'looked at the scene by its camera · Nobody there' })
      .waitFor();
    expect(errors).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'beside the live scene stands what the camera says of it, as a hint with its picture, and the ticket stays as it is',
  async () => {
    const desk = await city({ sceneLookMinutes: 0.01 });
    const lorry = { kind: 'truck', score: 0.83, box: [0.5, 0.3, 0.25, 0.3], isNew: true } as const;
    const car = { kind: 'car', score: 0.6, box: [0.1, 0.5, 0.12, 0.1], isNew: false } as const;
    const report = { result: 'new', pictures: 3, comparesOpening: true, standing: [lorry, car] } as const;
    desk.agent.scene = { report: { ...report, standing: [lorry, car] }, picture: await streetPicture(29) };
    await desk.agent.status();
    const ticket = await desk.ticket();
    const { page, errors } = await open(desk, desk.gateway.login, `/tickets/${ticket}/scene`);
    await page.locator('.live[data-phase="playing"]').waitFor();
    const hint = page.locator('.scene-hint[data-result="new"]');
    await hint.getByText('Something new stands there').waitFor();
    await hint.getByText('At the place: lorry · car (was there before).').waitFor();
    await hint.getByText('Compared with the picture of the damage.').waitFor();
    await hint.getByText(/decides nothing/).waitFor();
    const width = () => hint.locator('img').evaluate((image) => Reflect.get(image, 'naturalWidth'));
    await expect.poll(width, { timeout: 20_000 }).toBe(1280);
    expect(await hint.locator('.standing').allInnerTexts()).toEqual(['lorry 83%', 'car 60%']);
    expect(await hint.locator('.standing.new').count()).toBe(1);
    const picture = await hint.locator('img').boundingBox();
    const frame = await hint.locator('.standing.new').boundingBox();
    if (picture === null || frame === null) throw new Error('not shown');
    expect((frame.x - picture.x) / picture.width).toBeCloseTo(0.5, 1);
    expect(frame.width / picture.width).toBeCloseTo(0.25, 1);
    // Nothing follows from it: the question is still open, and the answer is a person's.
    await page.getByRole('button', { name: 'Crew is there' }).waitFor();
    expect(await desk.detail(ticket)).toMatchObject({ state: 'dispatched', sceneLooks: [] });
    await page.locator('.history li', { hasText: 'camera, as a hint: something new stands there' }).waitFor();
    expect(errors).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'an older box is said to know no look at a scene, in Chinese as in English, and the live view is there all the same',
  async () => {
    const desk = await city({ sceneLookMinutes: 0.01 });
    const ticket = await desk.ticket();
    const address = new URL(`/tickets/${ticket}/scene`, desk.gateway.consoleUrl).href;
    for (const [locale, said] of [
      ['en-GB', 'The program of the box is too old to look at a scene.'],
      ['zh-CN', '设备程序版本过旧，不能查看现场。'],
    ] as const) {
      const { page } = await openPage(browser, address, { locale });
      onTestFinished(() => closePage(page));
      await signIn(page, desk.gateway.login);
      await page.locator('.scene-hint[data-result="unclear"]', { hasText: said }).waitFor();
      await page.locator('.live[data-phase="playing"]').waitFor();
    }
  },
  LIMIT_MS,
);

test(
  'one key orders rework where the camera still sees the damage, with its picture and why, and one key closes what is whole',
  async () => {
    const desk = await city();
    const [broken, whole] = [await desk.ticket(), await desk.ticket()];
    desk.agent.afterRepair = { inspection: FAIL, picture: await streetPicture(30) };
    await desk.repaired(broken);
    desk.agent.afterRepair = { inspection: PASS, picture: await streetPicture(31) };
    await desk.repaired(whole);

    const { page, errors } = await open(desk, desk.gateway.login);
    await page.locator('[data-lane="still_there"]').click();
    await page.locator('.judge .sights').waitFor();
    await page.getByText('The camera still sees the damage after the repair, in 9 of 12 pictures.').waitFor();
    // The slider goes by keys, too.
    const slider = page.getByLabel('How much is shown of each picture');
    await slider.focus();
    await page.keyboard.press('Home');
    expect(await slider.inputValue()).toBe('0');
    await page.locator('.judge header').click();
    await page.keyboard.press('r');
    await page.getByText(/: rework ordered$/).waitFor();
    const again = await desk.detail(broken);
    expect(again).toMatchObject({
      state: 'rework',
      reworkReason: 'The camera still sees the damage after the repair, in 9 of 12 pictures.',
    });
    expect(again.clocks.find(({ kind }: { kind: string }) => kind === 'rework')).toMatchObject({
      state: 'running',
    });

    await page.locator('[data-lane="whole"]').click();
    await page.locator('.judge .sights').waitFor();
    await page.keyboard.press('c');
    await page.getByText(/: closed$/).waitFor();
    expect(await desk.detail(whole)).toMatchObject({ state: 'closed', outcome: 'repaired' });
    expect(errors).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'a look of the camera that comes without a picture says why on the ticket',
  async () => {
    const desk = await city();
    const ticket = await desk.ticket();
    const missing = [{ name: 'still.jpg', kind: 'still', reason: 'over_budget' } as const];
    desk.agent.afterRepair = { inspection: PASS, picture: null, missing };
    await desk.repaired(ticket);
    const { page, errors } = await open(desk, desk.gateway.login);
    await page.goto(new URL(`/tickets/${ticket}`, desk.gateway.consoleUrl).href);
    await page
      .locator('.inspections li', {
        hasText: 'no picture: the data budget of the box was used up for the day',
      })
      .waitFor();
    expect(errors).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "a unit's shift: an order comes by itself, is taken by one key, a crew gets its link, more time is asked for",
  async () => {
    const desk = await city();
    const unit = await desk.gateway.addUser('unit.desk', 'unit', 'roads');
    const other = await desk.gateway.addUser('other.desk', 'unit', 'drains');
    const { page, errors } = await open(desk, unit);
    await page.getByText('No tickets are with you.').waitFor();
    const { page: others } = await open(desk, other);
    await others.getByText('No tickets are with you.').waitFor();

    await page.getByRole('button', { name: 'Sound on' }).click();
    await page.getByRole('button', { name: 'Sound off' }).waitFor();
    const ticket = await desk.ticket();
    await page.locator(`[data-ticket="${ticket}"]`).waitFor();
    await page.locator('.order svg image').waitFor();
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    await page.keyboard.press('a');
    await page.getByText(/: accepted$/).waitFor();
    await page.locator('.order .mark', { hasText: 'Accepted' }).waitFor();

    await page.getByLabel('Crew', { exact: true }).fill('Wang');
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = await page.getByLabel('Address of the link').inputValue();
    // A link is shown only once: it stays though somebody else moves the ticket on meanwhile.
    await desk.command(ticket, { command: 'arrive' });
    await page.locator('.order .mark', { hasText: 'Crew on site' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect((await fetch(link)).status).toBe(200);
    await page.getByRole('button', { name: 'End its link' }).click();
    await page.getByText('No crew has a link yet.').waitFor();
    expect((await fetch(link)).status).toBe(404);

    await page.getByRole('link', { name: 'All of this ticket' }).click();
    await page.getByRole('button', { name: 'Ask for more time' }).click();
    await page.getByLabel('Reason').fill('waits for asphalt');
    await page.locator('form.command button[type=submit]').click();
    await page.getByText(/^More time asked for, until/).waitFor();
    await page.goBack();

    await page.locator('h1').hover();
    const second = await desk.ticket();
    await page.locator(`[data-ticket="${second}"]`).click();
    await page.getByRole('button', { name: 'Return' }).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.press('1');
    await page.getByText(/: returned$/).waitFor();
    expect(await desk.detail(second)).toMatchObject({ state: 'returned' });
    await others.getByText('No tickets are with you.').waitFor();
    expect(errors).toEqual([]);
  },
  LIMIT_MS,
);
