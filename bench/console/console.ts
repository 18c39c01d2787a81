/** The desk as an operator feels it, with 10,000 alerts waiting and 50 updates a second, in Debian's Chromium. */
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { fillQueue } from '../../gateway/testing/full-queue.ts';
import { type GatewayProcess, startGatewayProcess } from '../gateway/gateway-process.ts';
import { detection, LoadAgent } from '../gateway/load.ts';
import type { Bench } from '../report.ts';
import { percentile, rounded } from '../statistics.ts';
import { coldOpen, heapMib, keyToPaint, measureKeys, signIn, startBrowser } from './browser.ts';
import { liveViews } from './live.ts';
import { otherScreens } from './screens.ts';
import { picture, sighting } from './sighting.ts';
import { deskKib } from './size.ts';

const WAITING = 10_000;
const UPDATES_PER_SECOND = 50;
const OPENED = 5;
const PUBLISHED = 20;
const VERDICTS = 300;
/** What is measured begins when caches are warm. */
const WARM_UP = 20;
/** As many in an hour are the goal. */
const VERDICTS_AN_HOUR = 600;
const PICTURES = 8;

interface Rig {
  readonly gateway: GatewayProcess;
  readonly agent: LoadAgent;
  readonly stills: readonly Buffer[];
}

async function publish({ agent, stills }: Rig, camera: string, index: number): Promise<void> {
  for (const message of sighting(agent.name, camera, stills[index % stills.length] as Buffer))
    await agent.publishAll([message], 1);
}

/** Milliseconds from publishing to the row in the list, at a desk with nothing else that is as urgent. */
async function publishToVisible(rig: Rig, page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < PUBLISHED; n++) {
    const camera = `seen-${n}`;
    const begin = performance.now();
    const seen = page.locator('.queue .where', { hasText: new RegExp(`^${camera}$`) }).first();
    const [, at] = await Promise.all([publish(rig, camera, n), seen.waitFor().then(() => performance.now())]);
    times.push(at - begin);
    await judge(page, 'Enter');
  }
  return times;
}

async function judge(page: Page, ...keys: readonly string[]): Promise<void> {
  await page.locator('.stage[data-ready="true"]').waitFor();
  for (const key of keys) await page.keyboard.press(key);
}

/** The same things are seen again and again, as by cameras in the rain. Ends with the signal. */
async function update(agent: LoadAgent, signal: AbortSignal): Promise<void> {
  for (let n = 0; !signal.aborted; n++) {
    agent.publish(detection(agent.name, `load-${n % 8}`, Math.floor(n / 8) % 48));
    await delay(1000 / UPDATES_PER_SECOND);
  }
}

async function judging(page: Page) {
  await measureKeys(page);
  const begin = performance.now();
  let heapBefore = 0;
  for (let n = 0; n < VERDICTS; n++) {
    if (n === WARM_UP) heapBefore = await heapMib(page);
    await judge(page, ...(n % 4 === 3 ? ['n', '1'] : ['Enter']));
  }
  const hours = (performance.now() - begin) / 3_600_000;
  await page.locator('.stage[data-ready="true"]').waitFor();
  const growth = ((await heapMib(page)) - heapBefore) / (VERDICTS - WARM_UP);
  const all = await keyToPaint(page);
  // One that came too late, or not at all, must not go unmeasured.
  if (all.length !== VERDICTS)
    throw new Error(`${all.length} of ${VERDICTS} verdicts were followed by a picture`);
  const times = all.slice(WARM_UP);
  return {
    keyToPaintP50Ms: rounded(percentile(times, 0.5), 1),
    keyToPaintP95Ms: rounded(percentile(times, 0.95), 1),
    verdictsPerHour: Math.round(VERDICTS / hours),
    heapSlopeMiBPerHour: rounded(growth * VERDICTS_AN_HOUR, 1),
  };
}

async function measure(browser: Browser, rig: Rig) {
  const { gateway, agent } = rig;
  await fillQueue(gateway.config.dataDir, WAITING);
  await publish(rig, 'first', 0);
  const kept = await signIn(browser, gateway);
  const opened: number[] = [];
  for (let n = 0; n < OPENED; n++) {
    const { page, seconds } = await coldOpen(browser, gateway.consoleUrl, kept);
    opened.push(seconds);
    await page.context().close();
  }
  const { page } = await coldOpen(browser, gateway.consoleUrl, kept);
  const visible = await publishToVisible(rig, page);
  for (let n = 0; n < VERDICTS + WARM_UP; n++) await publish(rig, `judged-${n}`, n);
  const ending = new AbortController();
  const updating = update(agent, ending.signal);
  const judged = await judging(page).finally(() => ending.abort());
  await updating;
  return {
    ...judged,
    coldOpenS: rounded(Math.max(...opened), 2),
    publishToVisibleP95Ms: rounded(percentile(visible, 0.95), 1),
    deskKiB: rounded(await deskKib(), 1),
  };
}

/** Of the last five minutes, what is measured included. */
function load(): number {
  return rounded(loadavg()[1] ?? 0, 2);
}

export const desk: Bench = {
  name: 'console',
  about: 'the desk in a browser: key to next picture, cold open, publish to row, heap, size, live views',
  async run() {
    const name = 'edge-1';
    const gateway = await startGatewayProcess([name]);
    const browser = await startBrowser();
    try {
      const agent = await LoadAgent.connect(gateway.mqttUrl, name, gateway.passwords.get(name) ?? null);
      const stills = await Promise.all(Array.from({ length: PICTURES }, (_, seed) => picture(seed)));
      const judged = await measure(browser, { gateway, agent, stills });
      await agent.close();
      const drawing = await startBrowser({ maps: true });
      const screens = await otherScreens(drawing).finally(() => drawing.close());
      const figures = { ...judged, ...screens, ...(await liveViews(browser)), loadDuring: load() };
      return {
        figures,
        table: [['', 'desk'], ...Object.entries(figures)],
        notes: [
          `${WAITING} alerts wait, ${UPDATES_PER_SECOND} updates a second while ${VERDICTS} verdicts are given as fast as the desk takes them, three of four by Enter, one by N and 1`,
          'keyToPaint: from the key’s own time stamp to the frame with the next picture, 1920x1080, decoded',
          `coldOpen: the slowest of ${OPENED}: a browser that was never here, signed in, until the first verdict can be given, of which 0.25 s is the time that an operator is given to look`,
          'publishToVisible: from the agent’s publishing of picture and detection to the row in the list',
          'heapSlope: growth after garbage collection over the verdicts, times 600 an hour',
          'liveFirstFrame: from the click to the first moving picture, each opening begun anew; liveMpeg1 the same of a browser that plays no H.264; Cores: of agent and ffmpeg, beyond what they take with nobody watching',
          'mapPan: the map with 20,000 cameras dragged for 10 s; frames are drawn by the processor (SwiftShader), which a graphics card would spare',
          'wallSlope: growth of the wall after garbage collection over wallMinutes, times what makes an hour; ROADWATCH_WALL_MINUTES=60 watches for one',
          'crew: the page of a crew with its pictures, as it comes over the line',
          'loadDuring: of the machine over the last five minutes of the run',
          'Chromium without a graphics card, on the same processors as gateway and agent',
        ],
      };
    } finally {
      await browser.close();
      await gateway.stop();
    }
  },
};
