/** How soon a camera that is opened moves, on the whole of Roadwatch with two simulated cameras, in both forms; and what that costs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { shippedModel } from '@roadwatch/models';
import type { Browser, Page } from 'playwright-core';
import { type Loop, startLoop } from '../../scripts/demo/loop.ts';
import { usageOf } from '../process-tree.ts';
import { percentile, rounded } from '../statistics.ts';
import { signIn } from './browser.ts';

const OPENS = 30;
/** Longer than the gateway keeps a stream for whoever comes back. */
const APART_MS = 6_000;
const LIMIT_MS = 30_000;
const WATCHED_MS = 20_000;
const ONLY_MPEG1 = 'delete window.MediaSource;';

type Form = 'fmp4' | 'mpeg1';

async function openCameras(browser: Browser, loop: Loop, form: Form): Promise<Page> {
  const kept = await signIn(browser, { consoleUrl: loop.consoleUrl, operator: loop.login });
  const context = await browser.newContext({ storageState: kept });
  const page = await context.newPage();
  if (form === 'mpeg1') await page.addInitScript(ONLY_MPEG1);
  await page.goto(new URL('/cameras', loop.consoleUrl).href);
  await page.locator('td .mark.good').nth(1).waitFor({ timeout: LIMIT_MS });
  return page;
}

/** Seconds from the click to the first picture that moves. */
async function opened(page: Page, camera: number, form: Form): Promise<number> {
  const begin = performance.now();
  await page.locator('td a.button').nth(camera).click();
  await page.locator(`.live[data-phase="playing"][data-format="${form}"]`).waitFor({ timeout: LIMIT_MS });
  return (performance.now() - begin) / 1000;
}

/** Cores of agent and ffmpeg with one camera watched, beyond what the same take with none. */
async function coresOf(pid: number, page: Page, form: Form): Promise<number> {
  const idle = await coresWhile(pid);
  await opened(page, 0, form);
  const watched = await coresWhile(pid);
  await page.keyboard.press('Escape');
  return watched - idle;
}

async function coresWhile(pid: number): Promise<number> {
  const [before, begin] = [usageOf(pid).cpuSeconds, performance.now()];
  await delay(WATCHED_MS);
  return ((usageOf(pid).cpuSeconds - before) * 1000) / (performance.now() - begin);
}

export async function liveViews(browser: Browser) {
  const folder = await mkdtemp(join(tmpdir(), 'roadwatch-live-'));
  const loop = await startLoop({
    folder,
    sources: ['scene:quiet', 'scene:quiet'],
    consolePort: 0,
    model: shippedModel(),
  });
  try {
    const figures: Record<string, number> = {};
    for (const form of ['fmp4', 'mpeg1'] as const) {
      const page = await openCameras(browser, loop, form);
      const times: number[] = [];
      for (let n = 0; n < OPENS; n++) {
        times.push(await opened(page, n % 2, form));
        await page.keyboard.press('Escape');
        await delay(APART_MS / 2);
      }
      await delay(APART_MS);
      const name = form === 'fmp4' ? 'liveFirstFrame' : 'liveMpeg1FirstFrame';
      figures[`${name}P50S`] = rounded(percentile(times, 0.5), 2);
      figures[`${name}P95S`] = rounded(percentile(times, 0.95), 2);
      const cores = await coresOf(loop.pidOf('agent') as number, page, form);
      figures[`${name.replace('FirstFrame', '')}Cores`] = rounded(cores, 2);
      await page.context().close();
    }
    return figures;
  } finally {
    await loop.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
