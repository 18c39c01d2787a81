/**
 * Every page, by everybody who may see it, in both languages, light and dark: no barrier by the rules of axe-core (Deque), and
 * nothing out of reach from a telephone to a wide screen. `screens.long.test.ts` keeps pictures of the same pages.
 */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SOFTWARE_GL, startBrowser } from './support/browser.ts';
import { misfits } from './support/in-page.ts';
import { type LivedIn, startLivedIn } from './support/lived-in.ts';
import { tour } from './support/tour.ts';

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

/** Telephones, 1366 x 768 enlarged to twice its size, a tablet upright and on its side, that as it is, and as wide as desks are. */
const SIZES = [
  [360, 640],
  [390, 844],
  [683, 384],
  [768, 1024],
  [1024, 768],
  [1366, 768],
  [3440, 1440],
] as const;

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const RUN = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`;

/** What axe-core calls serious or critical, a line for each element. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<readonly Violation[]>(RUN);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
}

test.each([
  { locale: 'en-GB', colorScheme: 'dark' },
  { locale: 'zh-CN', colorScheme: 'light' },
] as const)(
  'in $locale, $colorScheme, no page keeps anybody out and nothing is out of reach',
  async (look) => {
    const found: string[] = [];
    await tour(browser, city, look, async (page, name) => {
      found.push(...(await barriers(page)).map((barrier) => `${name}: ${barrier}`));
      // The wall's own sizes are those of walls.
      for (const [width, height] of name === 'wall' ? [] : SIZES) {
        await page.setViewportSize({ width, height });
        found.push(...(await misfits(page)).map((misfit) => `${name} at ${width} x ${height}: ${misfit}`));
      }
    });
    expect(found).toEqual([]);
  },
  600_000,
);
