/** An admin's first day without a terminal, two admins at once, and what must not get in, in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { TestBureau } from '../../gateway/testing/bureau.ts';
import { closePage, openPage, type PageOptions, signIn, startBrowser } from './support/browser.ts';
import { type RunningGateway, startGateway } from './support/gateway.ts';
import { hanWords, latinWords } from './support/languages.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

async function started(): Promise<RunningGateway> {
  const gateway = await startGateway();
  onTestFinished(() => gateway.stop());
  return gateway;
}

async function admin(gateway: RunningGateway, options: PageOptions = {}) {
  const watched = await openPage(browser, gateway.consoleUrl, options);
  onTestFinished(() => closePage(watched.page));
  watched.page.on('dialog', (dialog) => void dialog.accept());
  await signIn(watched.page, gateway.login);
  return watched;
}

const to = (page: Page, part: string) => page.locator(`.admin > nav a[href$="/admin/${part}"]`).click();
const save = async (page: Page) => {
  const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT');
  await page.locator('.settings .primary').first().click();
  return (await saved).status();
};

const DAY = {
  'en-GB': {
    add: 'Add',
    draw: 'Draw',
    use: 'Use this area',
    test: 'Test',
    arrived: 'It arrived',
    undo: 'Put back',
  },
  'zh-CN': {
    add: '添加',
    draw: '绘制',
    use: '使用此边界',
    test: '测试',
    arrived: '已送达',
    undo: '恢复此版',
  },
} as const;

test.each(['en-GB', 'zh-CN'] as const)('an admin’s first day in %s', async (locale) => {
  const words = DAY[locale];
  const bureau = await TestBureau.start();
  const gateway = await started();
  const { page, errors, elsewhere } = await admin(gateway, { locale });
  await page.locator('header nav a[href$="/admin"]').click();

  // A unit with an area and a system of its own.
  await page.locator('input[name=newUnit]').fill('north');
  await page.locator('.new-unit button').click();
  await page.locator('input[name="north.name.zh"]').fill('城北养护');
  await page.locator('input[name="north.name.en"]').fill('North');
  await page.locator('fieldset.area').getByRole('button', { name: words.draw }).click();
  const plane = page.locator('.area-editor svg');
  // The plane is pushed to another part of the city, which is no corner.
  const looked = page.waitForRequest((request) => request.url().includes('/api/camera-places?bbox='));
  await plane.hover({ position: { x: 300, y: 200 } });
  await page.mouse.down();
  await plane.hover({ position: { x: 240, y: 160 } });
  await page.mouse.up();
  await looked;
  expect(await page.locator('.corners input').count()).toBe(0);
  for (const [x, y] of [
    [100, 80],
    [260, 90],
    [220, 220],
  ] as const)
    await plane.click({ position: { x, y } });
  await page.locator('.corners input').first().fill('120.1');
  await page.locator('.corners input').first().press('Tab');
  await page.getByRole('button', { name: words.use }).click();
  await plane.waitFor({ state: 'detached' });
  await page.locator('.channel select').first().selectOption('webhook');
  await page.locator('.channel input[name=url]').fill(bureau.unit.webhook.url);
  await page.locator('.channel input[name=secret]').fill(bureau.unit.webhook.secret);
  expect(await save(page)).toBe(200);
  await page.locator('.unit').last().getByRole('button', { name: words.test }).click();
  await page.getByText(words.arrived).waitFor();
  expect(bureau.orders.at(-1)).toMatchObject({ genuine: true, body: { test: true } });

  // A day that is worked in exchange, and taken back.
  await to(page, 'calendar');
  const workdays = page.locator('fieldset.days').last();
  await workdays.getByRole('button', { name: words.add }).click();
  await workdays.locator('input').first().fill('2026-10-10');
  expect(await save(page)).toBe(200);
  await page.locator('.history summary').click();
  await page.locator('.history ins', { hasText: '2026-10-10' }).waitFor();
  await page.locator('.history').getByRole('button', { name: words.undo }).click();
  await page.locator('.history li', { hasText: '3' }).first().waitFor();
  await workdays.locator('input').first().waitFor({ state: 'detached' });

  // Somebody of the unit, who signs in.
  await to(page, 'users');
  await page.locator('input[name=username]').fill('ann');
  await page.locator('.new-token select[name=role]').selectOption('unit');
  await page.locator('.new-token select[name=unit]').selectOption('north');
  await page.locator('.new-token .primary').click();
  const password = await page.locator('.made input').inputValue();
  const ann = await openPage(browser, gateway.consoleUrl, { locale });
  onTestFinished(() => closePage(ann.page));
  await signIn(ann.page, { username: 'ann', password });

  for (const part of ['deadlines', 'escalation', 'retention']) {
    await to(page, part);
    await page.locator('.settings').first().waitFor();
    const text = await page.locator('.admin').innerText();
    const foreign = locale === 'en-GB' ? hanWords(text) : latinWords(text.replaceAll(/Open311/g, ''));
    expect([part, foreign]).toEqual([part, []]);
  }
  expect([errors, elsewhere]).toEqual([[], []]);
});

const CARE = {
  'en-GB': {
    ...{ nobody: 'nobody is told', tell: 'Tell a system', test: 'Send a test', stop: 'Tell nobody' },
    ...{ arrived: 'It arrived.', refused: 'It was refused.', failed: 'It did not arrive.', event: 'test' },
    ...{ undo: 'Put back', never: 'Nothing has been sent yet.' },
  },
  'zh-CN': {
    ...{ nobody: '不通知任何人', tell: '通知某系统', test: '试发', stop: '不再通知' },
    ...{ arrived: '已送达。', refused: '被拒绝。', failed: '未送达。', event: '试发' },
    ...{ undo: '恢复此版', never: '尚未发送。' },
  },
} as const;

test.each(['en-GB', 'zh-CN'] as const)(
  'the system of the maintainers is set, tested, and taken away again in %s',
  async (locale) => {
    const words = CARE[locale];
    const bureau = await TestBureau.start();
    const { url, secret } = bureau.unit.webhook;
    const gateway = await started();
    const { page, errors } = await admin(gateway, { locale });
    await page.goto(new URL('/admin/operations', gateway.consoleUrl).href);
    await page.getByText(words.nobody).waitFor();
    await page.locator('.last-call', { hasText: words.never }).waitFor();
    await page.getByRole('button', { name: words.tell }).click();
    await page.locator('input[name=url]').fill(url);
    await page.locator('input[name=secret]').fill(secret);
    const send = page.getByRole('button', { name: words.test });
    expect(await send.isDisabled()).toBe(true);
    expect(await save(page)).toBe(200);
    for (const [status, outcome] of [
      [422, words.refused],
      [503, words.failed],
      [200, words.arrived],
    ] as const) {
      bureau.answer = { status };
      await send.click();
      await page.locator('[role=status] .mark', { hasText: outcome }).waitFor();
      const last = page.locator('.last-call', { hasText: outcome });
      await last.waitFor();
      expect(await last.innerText()).toContain(url);
      expect(await last.innerText()).toContain(words.event);
    }
    expect(bureau.orders.at(-1)).toMatchObject({ genuine: true, body: { type: 'operations.test' } });
    await page.reload();
    await page.locator('.last-call', { hasText: words.arrived }).waitFor();
    expect(await page.locator('input[name=secret]').inputValue()).toBe('');
    expect(await page.content()).not.toContain(secret);

    await page.getByRole('button', { name: words.stop }).click();
    expect(await save(page)).toBe(200);
    await page.getByText(words.nobody).waitFor();
    await page.locator('.history summary').click();
    await page.locator('.history').getByRole('button', { name: words.undo }).first().click();
    await page.locator('input[name=url]').waitFor();
    expect(await page.locator('input[name=url]').inputValue()).toBe(url);
    await send.click();
    await page.locator('[role=status] .mark', { hasText: words.arrived }).waitFor();
    const text = (await page.locator('.admin-page').innerText()).replaceAll(
      /http\S+|\bwebhook\.\S+|admin/gi,
      '',
    );
    const foreign = locale === 'en-GB' ? hanWords(text) : latinWords(text.replaceAll(/Webhook/g, ''));
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
  },
);

test('of two admins at once the second sees both values, keeps what is theirs, and loses nothing', async () => {
  const gateway = await started();
  const [first, second] = [(await admin(gateway)).page, (await admin(gateway)).page];
  for (const page of [first, second]) {
    await page.goto(new URL('/admin/deadlines', gateway.consoleUrl).href);
    await page.locator('input[name=responseMinutes]').waitFor();
  }
  await second.locator('input[name=responseMinutes]').fill('20');
  await second.locator('input[name=reviewMinutes]').fill('90');
  await first.locator('input[name=responseMinutes]').fill('25');
  await first.locator('input[name=handoverMinutes]').fill('3');
  expect(await save(first)).toBe(200);
  expect(await save(second)).toBe(409);
  const row = (name: string) =>
    second.locator('.conflict tbody tr', { hasText: name }).locator('td').allInnerTexts();
  await second.locator('.conflict').waitFor();
  expect((await row('responseMinutes')).slice(1, 3)).toEqual(['25', '20']);
  expect((await row('handoverMinutes')).slice(1, 3)).toEqual(['3', '3']);
  expect(await save(second)).toBe(200);
  await first.reload();
  const values = ['responseMinutes', 'handoverMinutes', 'reviewMinutes'].map((name) =>
    first.locator(`input[name=${name}]`).inputValue(),
  );
  expect(await Promise.all(values)).toEqual(['20', '3', '90']);
});

test('hostile names are text, a bad area and a wrong field are told beside it, and nothing is lost', async () => {
  const gateway = await started();
  const { page, errors } = await admin(gateway);
  await page.goto(new URL('/admin/units', gateway.consoleUrl).href);
  await page.locator('input[name=newUnit]').fill('south');
  await page.locator('.new-unit button').click();
  const hostile = '<img src=x onerror=alert(1)>\u202e{{7*7}}';
  await page.locator('input[name="south.name.en"]').fill(hostile);
  const file = (name: string, text: string) =>
    page
      .locator('fieldset.area input[type=file]')
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  const ring = [
    [120, 30],
    [121, 31],
    [121, 30],
    [120, 32],
    [120, 30],
  ];
  await file('tie.geojson', JSON.stringify({ type: 'Polygon', coordinates: [ring] }));
  await page.getByText('The border crosses itself').waitFor();
  await file('large.geojson', ' '.repeat(17 * 1024 * 1024));
  await page.getByText('larger than 16 MB').waitFor();
  await file('text.geojson', 'POLYGON');
  await page.getByText('not JSON').waitFor();
  await page.locator('.channel select').first().selectOption('webhook');
  await page.locator('.channel input[name=url]').fill('javascript:alert(1)');
  expect(await save(page)).toBe(422);
  await page.locator('.field[data-wrong=true]', { hasText: 'Address' }).waitFor();
  expect(await page.locator('input[name="south.name.en"]').inputValue()).toBe(hostile);
  await page.locator('.channel select').first().selectOption('desk');
  expect(await save(page)).toBe(200);
  await page.locator('.unit strong', { hasText: '<img src=x' }).waitFor();
  expect(await page.locator('.admin img').count()).toBe(0);
  expect(errors.filter((text) => !/422/.test(text))).toEqual([]);
});
