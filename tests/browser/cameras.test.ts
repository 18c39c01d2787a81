/** The cameras in a real browser: found among many, and set by what is drawn on their pictures, by mouse, finger and keys. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { SOFTWARE_GL, startBrowser } from './support/browser.ts';
import { addCameras, cityCamera } from './support/city.ts';
import { type DeskSetup, setUpDesk } from './support/desk.ts';
import { swipe } from './support/finger.ts';
import { overflowOf, textsOnScreen } from './support/in-page.ts';
import { hanWords, latinWords } from './support/languages.ts';

const HOSTILE = `<img src=x onerror="document.title=1">"'\u202e${'W'.repeat(150)}`;
const MASK = [
  [0.8, 0],
  [1, 0],
  [1, 0.3],
  [0.8, 0.3],
] as const;
const OWN = {
  road: [
    [0.1, 1],
    [0.4, 0.4],
    [0.6, 0.4],
    [0.9, 1],
  ],
  masks: [MASK],
  minBoxHeight: { top: 0.01, bottom: 0.04 },
} as const;

let browser: Browser;
let desk: DeskSetup;
beforeAll(async () => {
  browser = await startBrowser(SOFTWARE_GL);
  desk = await setUpDesk(browser);
  await addCameras(desk.gateway.file, 2_000);
  await desk.seesHole('binsheng-rd');
  const position = { latitude: 30.2084, longitude: 120.2123 };
  await desk.agent.camera('binsheng-rd', { en: 'Binsheng Road', zh: '滨盛路' }, {
    ...OWN,
    position,
  } as never);
  await desk.agent.camera('hostile', { en: HOSTILE, zh: HOSTILE }, { state: 'stalled', reason: HOSTILE });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

const shoot = async (page: Page, name: string): Promise<void> => {
  const dir = process.env.ROADWATCH_SHOTS;
  if (dir !== undefined) await page.screenshot({ path: `${dir}/${name}.png` });
};

async function openCamera(camera: string, options: Parameters<DeskSetup['open']>[0] = {}) {
  const watched = await desk.open(options);
  await watched.page.goto(new URL(`/cameras/binjiang/edge-1/${camera}`, desk.gateway.consoleUrl).href);
  await watched.page.locator('.camera-picture').waitFor();
  return watched;
}

/** For a machine that does much else. */
const SOON = { timeout: 20_000 };
const corners = (page: Page) => page.locator('.camera-picture .corner');

test('one of two thousand cameras is found by a word, and the address brings the same list again', async () => {
  const { page, errors } = await desk.open();
  await page.goto(new URL('/cameras', desk.gateway.consoleUrl).href);
  await page.locator('table.cameras tbody tr').nth(49).waitFor();
  await page.getByRole('button', { name: 'All 2003' }).waitFor();
  await shoot(page, 'list');
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.waitForURL('**/cameras?after=*');
  await page.getByRole('button', { name: 'First page' }).click();
  const sought = cityCamera(1_234);
  await page.getByRole('searchbox').fill(sought.camera);
  await page.locator('table.cameras tbody tr').nth(1).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: sought.name.en }).waitFor();
  await page.reload();
  await page.getByRole('link', { name: sought.name.en }).waitFor();
  expect(await page.locator('table.cameras tbody tr').count()).toBe(1);
  expect(new URL(page.url()).search).toBe(`?q=${sought.camera}`);

  await page.getByRole('searchbox').fill('<img');
  await page.locator('tr', { hasText: '<img src=x' }).getByText('no picture', { exact: true }).waitFor();
  expect(await page.title()).not.toBe('1');
  await shoot(page, 'hostile-list');
  expect(errors).toEqual([]);
});

test('neither the desk nor the list of cameras asks for all two thousand', async () => {
  const { page, errors } = await desk.open();
  await page.locator('.queue .item').first().waitFor();
  const counts: number[] = [];
  await page.route(/\/api\/camera(?:s|-health)(?:\?|$)/, async (route) => {
    const answer = await route.fetch();
    const body = await answer.text();
    if (answer.status() === 200) counts.push((JSON.parse(body) as { items: unknown[] }).items.length);
    await route.fulfill({ response: answer, body });
  });
  const asked = (path: string) => page.waitForResponse((response) => response.url().includes(path));
  await Promise.all([
    asked('/api/cameras?state='),
    asked('/api/cameras?site=binjiang&agent=edge-1&camera='),
    page.reload(),
  ]);
  await page.locator('.facts .mark').first().waitFor();
  await page.goto(new URL('/cameras', desk.gateway.consoleUrl).href);
  await page.locator('table.cameras tbody tr').nth(49).waitFor();
  await Promise.all([asked('tone=good'), page.getByRole('button', { name: /see well/ }).click()]);
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.waitForURL('**after=*');
  expect(await page.locator('table.cameras tbody tr').count()).toBeLessThanOrEqual(50);
  expect(counts.length).toBeGreaterThan(2);
  expect(Math.max(...counts)).toBeLessThanOrEqual(100);
  expect(errors).toEqual([]);
});

test('a road that is drawn by mouse and keys reaches the box, and the page says when it counts', async () => {
  desk.agent.toSettings = null;
  onTestFinished(() => {
    desk.agent.toSettings = 'applied';
  });
  const { page, errors } = await openCamera('binsheng-rd');
  await shoot(page, 'camera');
  await page.getByRole('button', { name: 'Road', exact: true }).click();
  await expect.poll(() => corners(page).count(), SOON).toBe(4);
  await corners(page).nth(1).focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect.poll(() => corners(page).count(), SOON).toBe(5);
  await page.keyboard.press('Control+z');
  await expect.poll(() => corners(page).count(), SOON).toBe(4);

  const box = (await corners(page).nth(2).boundingBox()) as {
    x: number;
    y: number;
    width: number;
    height: number;
  };
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, box.y - 40, { steps: 4 });
  await page.mouse.up();
  await shoot(page, 'drawing');
  await page.getByText('Not saved yet').waitFor();
  await page.getByRole('button', { name: 'Save and send to the box' }).click();
  await page.getByText('Sent, not yet applied').waitFor();
  const [, second, third] = desk.agent.settings?.road ?? [];
  expect(second).toEqual([0.4, 0.39]);
  expect(third?.[0]).toBeGreaterThan(0.62);
  expect(third?.[1]).toBeLessThan(0.38);

  desk.agent.toSettings = 'applied';
  await page.reload();
  await page.getByText('Version 1, admin').waitFor();
  await desk.agent.status(0, 'offline');
  await desk.agent.status();
  await page.getByText('Version 1 is applied on the box.').waitFor({ timeout: 45_000 });
  expect(errors).toEqual([]);
}, 120_000);

test('on a telephone corners are set, moved and removed by finger, and the page stays where it is', async () => {
  await desk.agent.camera('by-finger', { en: 'By finger', zh: '触屏' }, OWN as never);
  const { page, errors } = await openCamera('by-finger', { width: 390, height: 844, hasTouch: true });
  await page.getByRole('button', { name: 'Road', exact: true }).tap();
  await expect.poll(() => corners(page).count(), SOON).toBe(4);
  const scrolled = () => page.evaluate<number>("document.querySelector('.camera-page').scrollTop");
  await page.evaluate("document.querySelector('.camera-page').scrollTop = 20");
  const middleOf = async (locator: Locator): Promise<readonly [x: number, y: number]> => {
    const { x, y, width, height } = (await locator.boundingBox()) as NonNullable<
      Awaited<ReturnType<Locator['boundingBox']>>
    >;
    return [x + width / 2, y + height / 2];
  };

  // A finger hardly ever lands on a circle of eight pixels.
  const [x, y] = await middleOf(corners(page).nth(1));
  await swipe(page, [x - 14, y - 9], [x - 44, y + 51]);
  const [movedX, movedY] = await middleOf(corners(page).nth(1));
  expect([Math.round(movedX - x), Math.round(movedY - y)]).toEqual([-30, 60]);
  await page.getByText('Not saved yet').waitFor();

  const [middleX, middleY] = await middleOf(page.locator('.camera-picture'));
  await page.touchscreen.tap(middleX, middleY - 60);
  await expect.poll(() => corners(page).count(), SOON).toBe(5);
  await swipe(page, [middleX, middleY], [middleX, middleY - 80]);
  expect(await corners(page).count()).toBe(5);
  expect(await scrolled()).toBe(20);

  await page.touchscreen.tap(...(await middleOf(corners(page).nth(3))));
  expect(await corners(page).count()).toBe(5);
  await page.getByRole('button', { name: 'Remove corner' }).tap();
  await expect.poll(() => corners(page).count(), SOON).toBe(4);
  await shoot(page, 'by-finger');
  expect(await page.getByRole('button', { name: 'Remove corner' }).isDisabled()).toBe(true);
  // The corner that was moved, the one that was set and the one that was removed.
  for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Undo' }).tap();
  await expect.poll(() => page.getByText('Not saved yet').count(), SOON).toBe(0);
  expect(errors).toEqual([]);
}, 120_000);

test('what crosses itself or hides everything is told in words and cannot be saved; a refusal of the box is shown', async () => {
  desk.agent.toSettings = { refused: 'masks: 33 with those that the camera has; expected 32 at most' };
  onTestFinished(() => {
    desk.agent.toSettings = 'applied';
  });
  const { page } = await openCamera('wentao-rd', { locale: 'zh-CN' });
  await page.getByRole('button', { name: '道路范围', exact: true }).click();
  await corners(page).nth(1).focus();
  for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowRight');
  await page.getByText('边线交叉').waitFor();
  await shoot(page, 'crossed');
  expect(await page.getByRole('button', { name: '保存并下发' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: '放弃修改' }).click();
  await page.getByText('边线交叉').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: '新增遮罩' }).click();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: '保存并下发' }).click();
  await page.getByText('设备拒绝：边缘节点不接受这些摄像机设置。').waitFor();
  await page.getByText('expected 32 at most').waitFor();
  desk.agent.toSettings = 'applied';
  await page.getByRole('button', { name: '重新下发' }).click();
  await page.getByText(/第 \d+ 版已在设备上生效/).waitFor();
  expect(desk.agent.settings?.masks).toHaveLength(1);
}, 120_000);

test('place, direction and thresholds are set by typing and by a click on the map', async () => {
  const { page, errors, elsewhere } = await openCamera('binsheng-rd');
  await page.getByLabel('Looks to, degrees').fill('135');
  await page.getByLabel('Looks to, degrees').blur();
  await page.getByLabel('Pothole').fill('0.6');
  await page.getByLabel('Pothole').blur();
  const before = await page.getByLabel('Latitude').inputValue();
  await page.locator('.place-map canvas').click({ position: { x: 60, y: 60 } });
  await expect.poll(() => page.getByLabel('Latitude').inputValue(), SOON).not.toBe(before);
  await shoot(page, 'place');
  const latitude = Number(await page.getByLabel('Latitude').inputValue());
  await page.getByRole('button', { name: 'Save and send to the box' }).click();
  // The version of before is applied, too.
  await expect
    .poll(() => desk.agent.settings, SOON)
    .toMatchObject({ headingDegrees: 135, thresholds: { pothole: 0.6 }, position: { latitude } });
  await page.getByText(/Version \d+ is applied/).waitFor();
  // The same place as Chinese web maps have it.
  await page.getByLabel('Coordinates').selectOption('gcj02');
  await expect
    .poll(async () => Number(await page.getByLabel('Latitude').inputValue()), SOON)
    .not.toBe(latitude);
  expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
}, 120_000);

test('words and a choice that come together are both asked for', async () => {
  const { page } = await desk.open();
  await page.goto(new URL('/cameras', desk.gateway.consoleUrl).href);
  await page.locator('table.cameras tbody tr').nth(49).waitFor();
  // Sooner than anybody clicks: the words are still waiting for more of them.
  await page.evaluate(`(() => {
    const field = document.querySelector('input[type=search]');
    field.value = 'binsheng';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    document.querySelectorAll('search button')[1].click();
  })()`);
  await page.waitForURL(/[?&]q=binsheng/);
  expect(new URL(page.url()).searchParams.get('tone')).toBe('good');
});

test('what cannot be taken of what is typed is told beside it, and half a place is none', async () => {
  const { page } = await openCamera('wentao-rd');
  const told = (text: string) => page.locator('.camera-fields').getByText(text);
  const type = async (field: string, value: string): Promise<void> => {
    await page.getByLabel(field).fill(value);
    await page.getByLabel(field).blur();
  };
  await type('Pothole', '1.5');
  await told('From 0.35 to 1').waitFor();
  expect(await page.getByText('Not saved yet').count()).toBe(0);
  await type('Pothole', '0.6');
  await told('From 0.35 to 1').waitFor({ state: 'detached' });

  await type('Latitude', '30.2');
  await told('The longitude is missing').waitFor();
  await shoot(page, 'half-a-place');
  await type('Longitude', '120.2');
  await told('is missing').waitFor({ state: 'detached' });
  await type('Latitude', '');
  await told('The latitude is missing').waitFor();
  expect(await page.getByLabel('Longitude').inputValue()).toBe('120.2');
  await type('Latitude', '30.3');
  await page.getByRole('button', { name: 'Save and send to the box' }).click();
  const position = { latitude: 30.3, longitude: 120.2 };
  await expect
    .poll(() => desk.agent.settings, SOON)
    .toMatchObject({ thresholds: { pothole: 0.6 }, position });
  await page.getByText(/Version \d+ is applied/).waitFor();
});

test('the model’s own threshold is set where the box has a higher one, and an empty field leaves it to the box', async () => {
  await desk.agent.camera('careful', { en: 'Careful', zh: '谨慎' }, { thresholds: { pothole: 0.8 } });
  const { page } = await openCamera('careful');
  const field = page.getByLabel('Pothole');
  expect(await field.inputValue()).toBe('0.8');
  await field.fill('0.35');
  await field.blur();
  await page.getByRole('button', { name: 'Save and send to the box' }).click();
  await page.getByText('Version 1 is applied').waitFor();
  expect(desk.agent.settings?.thresholds).toEqual({ pothole: 0.35 });

  await field.fill('');
  await field.blur();
  expect(await field.getAttribute('placeholder')).toBe('As the box has it');
  await page.getByRole('button', { name: 'Save and send to the box' }).click();
  await page.getByText('Version 2 is applied').waitFor();
  expect(desk.agent.settings?.thresholds).toEqual({});
}, 120_000);

test('a page with what is not saved is left by a link, or by the way back, only by those who mean it', async () => {
  const { page } = await openCamera('wentao-rd');
  await page.getByRole('link', { name: 'All cameras' }).click();
  await page.getByRole('link', { name: 'Wentao Road' }).first().waitFor();
  await page.goto(new URL('/cameras?q=wentao-rd', desk.gateway.consoleUrl).href);
  await page.getByRole('link', { name: 'Wentao Road', exact: true }).click();
  await page.getByLabel('How wide it sees').fill('70');
  await page.getByLabel('How wide it sees').blur();
  await page.getByText('Not saved yet').waitFor();
  const here = page.url();

  const questions: string[] = [];
  const answers = ['dismiss', 'dismiss', 'accept'] as const;
  page.on('dialog', (dialog) => {
    const answer = answers[questions.length] ?? 'accept';
    questions.push(dialog.message());
    void dialog[answer]();
  });
  await page.getByRole('link', { name: 'All cameras' }).click();
  await expect.poll(() => questions.length, SOON).toBe(1);
  await page.evaluate('history.back()');
  await expect.poll(() => questions.length, SOON).toBe(2);
  await expect.poll(() => page.url(), SOON).toBe(here);
  expect(await page.getByLabel('How wide it sees').inputValue()).toBe('70');
  await page.evaluate('history.back()');
  await page.locator('table.cameras').waitFor();
  expect(new Set(questions)).toEqual(new Set(['Leave without saving? What was changed here is lost.']));
}, 120_000);

test('a picture that does not come is not waited for without end', async () => {
  const { page } = await desk.open();
  await page.clock.install();
  await page.route('**/api/cameras/binjiang/edge-1/wentao-rd/picture', (route) =>
    route.fulfill({ json: { capturedAt: '2100-01-01T00:00:00.000Z' } }),
  );
  await page.goto(new URL('/cameras/binjiang/edge-1/wentao-rd', desk.gateway.consoleUrl).href);
  await page.getByRole('button', { name: 'New picture' }).click();
  await page.getByText('taken and on its way').waitFor();
  await page.clock.fastForward(120_000);
  await page.getByText('The picture has not come yet').waitFor();
  await page.getByRole('button', { name: 'New picture' }).click();
  await page.getByText('taken and on its way').waitFor();
});

test.each([
  ['en-GB', 1366, 768],
  ['zh-CN', 390, 844],
])(
  'in %s at %i x %i a camera’s page fits, in one language, with the hostile name as plain text',
  async (locale, width, height) => {
    for (const camera of ['hostile', 'binsheng-rd']) {
      const { page } = await openCamera(camera, { locale, width, height });
      await page.locator('.camera-facts').waitFor();
      await shoot(page, `${camera}-${width}`);
      const { tooWide } = await overflowOf(page);
      expect({ camera, tooWide }).toEqual({ camera, tooWide: false });
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      if (camera === 'hostile') continue;
      const words = (await textsOnScreen(page)).replaceAll(/YAML|WGS 84|GCJ-02/g, '');
      expect(locale === 'zh-CN' ? latinWords(words) : hanWords(words)).toEqual([]);
    }
  },
  120_000,
);
