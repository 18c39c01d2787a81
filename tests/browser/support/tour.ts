/** Goes to every page of a lived-in gateway, as everybody who may see it, and looks. */
import type { Browser, Page } from 'playwright-core';
import { closePage, openPage, type PageOptions, signIn } from './browser.ts';
import type { LivedIn } from './lived-in.ts';
import { PLACES } from './places.ts';

/** Calls `look` on each page once it shows what it is for; its context is closed afterwards. */
export async function tour(
  browser: Browser,
  city: LivedIn,
  options: PageOptions,
  look: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  for (const role of new Set(PLACES.map(({ as }) => as))) {
    const { page } = await openPage(browser, city.gateway.consoleUrl, {
      timezoneId: 'Asia/Shanghai',
      ...options,
    });
    const size = page.viewportSize();
    if (role !== null) await signIn(page, city.logins[role]);
    for (const { name, path, ready } of PLACES.filter(({ as }) => as === role)) {
      if (size !== null) await page.setViewportSize(size);
      // An address that differs in its hash alone would load nothing.
      await page.goto('about:blank');
      await page.goto(new URL(path(city), city.gateway.consoleUrl).href);
      await ready(page).catch((error: Error) => {
        throw new Error(`${name} as ${role}: ${error.message}`);
      });
      await look(page, name);
    }
    await closePage(page);
  }
}
