/** A finger on the screen of a page that was opened with `hasTouch`. */
import type { Page } from 'playwright-core';

type Point = readonly [x: number, y: number];
const STEPS = 6;

/** Laid down, moved and lifted. */
export async function swipe(page: Page, [x, y]: Point, [toX, toY]: Point): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    devtools.send('Input.dispatchTouchEvent', { type, touchPoints });
  await touch('touchStart', [{ x, y }]);
  for (let step = 1; step <= STEPS; step++) {
    const part = step / STEPS;
    await touch('touchMove', [{ x: x + (toX - x) * part, y: y + (toY - y) * part }]);
  }
  await touch('touchEnd', []);
  await devtools.detach();
}
