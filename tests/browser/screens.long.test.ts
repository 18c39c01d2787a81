/**
 * Pictures of every page at the sizes of telephones, tablets, desks and walls, in both languages, light and dark: for a person to look
 * through after a change of styles. They lie in ROADWATCH_SCREENS, or in `.roadwatch/screens`, which CI may keep. What can be told
 * without looking is told: nothing may be out of reach.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SOFTWARE_GL, startBrowser } from './support/browser.ts';
import { drawn, misfits } from './support/in-page.ts';
import { type LivedIn, startLivedIn } from './support/lived-in.ts';
import { tour } from './support/tour.ts';

const FOLDER =
  process.env.ROADWATCH_SCREENS ?? fileURLToPath(new URL('../../.roadwatch/screens', import.meta.url));

type Size = readonly [width: number, height: number];
const SIZES: readonly Size[] = [
  [360, 640],
  [390, 844],
  [844, 390],
  [683, 384],
  [768, 1024],
  [1024, 768],
  [1280, 720],
  [1366, 768],
  [1440, 900],
  [1600, 900],
  [1920, 1080],
  [2560, 1440],
  [3440, 1440],
  [3840, 2160],
];
const WALL_SIZES: readonly Size[] = [
  [1920, 1080],
  [2560, 1440],
  [3840, 1080],
  [3840, 2160],
  [5120, 1440],
];

let browser: Browser;
let city: LivedIn;
beforeAll(async () => {
  browser = await startBrowser(SOFTWARE_GL);
  city = await startLivedIn();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await city?.stop();
});

test.each([
  { locale: 'en-GB', language: 'en' },
  { locale: 'zh-CN', language: 'zh' },
])('every page in $language, at every size, light and dark', async ({ locale, language }) => {
  const found: string[] = [];
  await tour(browser, city, { locale }, async (page, name) => {
    const folder = join(FOLDER, name);
    await mkdir(folder, { recursive: true });
    for (const [width, height] of name === 'wall' ? WALL_SIZES : SIZES) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await drawn(page);
        const path = join(folder, `${width}x${height}-${language}-${colorScheme}.png`);
        await page.screenshot({ path });
      }
      found.push(...(await misfits(page)).map((misfit) => `${name} at ${width} x ${height}: ${misfit}`));
    }
  });
  expect(found).toEqual([]);
});
