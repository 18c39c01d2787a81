/** The cameras in a real browser: found among many, and set by what is drawn on their pictures, by mouse, finger and keys. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { SOFTWARE_GL, startBrowser } from './support/browser.ts';
import { addCameras, cityCamera } from './support/city.ts';
import { type DeskSetup, setUpDesk } from './support/desk.ts';
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
  await page.getByText(/Version \d+ is applied/).waitFor();
  expect(desk.agent.settings).toMatchObject({
    ...{ headingDegrees: 135, thresholds: { pothole: 0.6 }, position: { latitude } },
  });
  // The same place as Chinese web maps have it.
  await page.getByLabel('Coordinates').selectOption('gcj02');
  await expect
    .poll(async () => Number(await page.getByLabel('Latitude').inputValue()), SOON)
    .not.toBe(latitude);
  expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
}, 120_000);

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
