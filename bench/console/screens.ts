/** What other screens than the desk cost: the map with 20,000 cameras while it is moved, the wall's memory over time, the crew's page. */
import { setTimeout as delay } from 'node:timers/promises';
import { type CameraState, newId, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import type { Browser, Page } from 'playwright-core';
import { makeCrewLink } from '../../gateway/src/tickets/crew-links.ts';
import { makeWall } from '../../gateway/src/wall/screens.ts';
import { type GatewayProcess, SITE, startGatewayProcess } from '../gateway/gateway-process.ts';
import { LoadAgent } from '../gateway/load.ts';
import { percentile, rounded } from '../statistics.ts';
import { coldOpen, heapMib, signIn } from './browser.ts';
import { picture, sighting } from './sighting.ts';

const CAMERAS = 20_000;
const CENTRE = { latitude: 30.2, longitude: 120.21 };
const ROWS_AT_ONCE = 500;
const PANNED_MS = 10_000;
/** An hour on a quiet machine: ROADWATCH_WALL_MINUTES=60. */
const WALL_MINUTES = Number(process.env.ROADWATCH_WALL_MINUTES ?? '5');
const LIMIT_MS = 120_000;
const BENCH = { name: 'system', channel: 'cli' } as const;
const EVERYBODY = { id: newId(), username: 'bench', role: 'operator', unitId: null } as const;

/** In a square of some ten kilometres, as their agents have told. */
async function addCameras({ store }: GatewayProcess): Promise<void> {
  const at = store.now();
  const told = timestamp(at);
  for (let from = 0; from < CAMERAS; from += ROWS_AT_ONCE) {
    const rows = Array.from({ length: ROWS_AT_ONCE }, (_, n) => {
      const index = from + n;
      const position = {
        latitude: CENTRE.latitude + ((index % 141) / 141 - 0.5) * 0.09,
        longitude: CENTRE.longitude + (Math.floor(index / 141) / 141 - 0.5) * 0.1,
      };
      const camera = `camera-${index}`;
      const row = { site: SITE, agent: `edge-${Math.floor(index / 50)}`, camera };
      const state: CameraState = {
        ...{ v: WIRE_VERSION, ...row, name: { en: camera, zh: `摄像机${index}` }, position },
        ...{
          state: 'streaming',
          since: told,
          at: told,
          lastFrameAt: told,
          lastFrameAgeMs: 40,
          fps: 2,
          drops: 0,
        },
      };
      return {
        ...{ ...row, condition: state.state, state: JSON.stringify(state) },
        ...{ state_at: at, boot_id: null, seq: null },
      };
    });
    await store.transaction((tx) => tx.db.insertInto('cameras').values(rows).execute());
  }
}

/** Times between two frames while the page is moved, one step a frame. As text: it is run in the page. */
const PAN = (ms: number): string => `new Promise((resolve) => {
  const canvas = document.querySelector('canvas.maplibregl-canvas');
  const box = canvas.getBoundingClientRect();
  const send = (target, type, x, y, buttons) => target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true,
    view: window, button: 0, buttons, clientX: box.x + x, clientY: box.y + y }));
  const gaps = [];
  const begin = performance.now();
  let last = begin;
  send(canvas, 'mousedown', box.width / 2, box.height / 2, 1);
  const step = (now) => {
    gaps.push(now - last);
    last = now;
    const turn = (now - begin) / 700;
    send(window, 'mousemove', box.width / 2 + Math.sin(turn) * 300, box.height / 2 + Math.cos(turn) * 200, 1);
    if (now - begin < ${ms}) return requestAnimationFrame(step);
    send(window, 'mouseup', box.width / 2, box.height / 2, 0);
    resolve(gaps.slice(1));
  };
  requestAnimationFrame(step);
})`;

async function mapFigures(page: Page, consoleUrl: string) {
  const { latitude, longitude } = CENTRE;
  await page.goto(new URL(`/map#13/${latitude}/${longitude}`, consoleUrl).href);
  await page.locator('.map-kinds button', { hasText: String(CAMERAS) }).waitFor({ timeout: LIMIT_MS });
  await page.locator('canvas.maplibregl-canvas').waitFor({ timeout: LIMIT_MS });
  const gaps = await page.evaluate<readonly number[]>(PAN(PANNED_MS));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  return {
    mapMarkers: CAMERAS,
    mapPanFps: rounded(1000 / mean, 1),
    mapPanFrameP95Ms: rounded(percentile(gaps, 0.95), 1),
  };
}

/** Growth after garbage collection, the first minute left out. */
async function wallSlope(browser: Browser, { store, consoleUrl }: GatewayProcess): Promise<number> {
  const { path } = await makeWall(store, { name: 'bench', days: 1 }, BENCH);
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.goto(new URL(path, consoleUrl).href);
  await page.locator('.step').first().waitFor({ timeout: LIMIT_MS });
  await delay(60_000);
  const before = await heapMib(page);
  await delay(WALL_MINUTES * 60_000);
  const growth = (await heapMib(page)) - before;
  await context.close();
  return (growth * 60) / WALL_MINUTES;
}

/** Of a browser that was never here, pictures and all, as it comes over the line. */
async function crewKib(browser: Browser, { store, consoleUrl }: GatewayProcess): Promise<number> {
  const ticket = await store.db.selectFrom('tickets').select('id').executeTakeFirstOrThrow();
  const token = await makeCrewLink(store, ticket.id, EVERYBODY, BENCH);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) =>
    sizes.push(request.sizes().then((size) => size.responseBodySize + size.responseHeadersSize)),
  );
  await page.goto(new URL(`/crew/${token}`, consoleUrl).href);
  await page.locator('body[data-stays]').waitFor({ timeout: LIMIT_MS });
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await context.close();
  return bytes / 1024;
}

/** One alert of an agent, confirmed at the desk, whose order has gone out. */
async function dispatched(page: Page, gateway: GatewayProcess, agent: LoadAgent): Promise<void> {
  for (const message of sighting(agent.name, 'crew', await picture(1))) await agent.publishAll([message], 1);
  await page.locator('.stage[data-ready="true"]').waitFor({ timeout: LIMIT_MS });
  await page.keyboard.press('Enter');
  const sent = gateway.store.db.selectFrom('assignments').select('id').where('state', '=', 'sent');
  const until = performance.now() + LIMIT_MS;
  while ((await sent.executeTakeFirst()) === undefined) {
    if (performance.now() > until) throw new Error(`no order has gone out within ${LIMIT_MS / 1000} s`);
    await delay(500);
  }
}

/** `browser`: one that draws maps, be it without a graphics card. */
export async function otherScreens(browser: Browser) {
  const name = 'edge-1';
  const gateway = await startGatewayProcess([name]);
  try {
    await addCameras(gateway);
    const agent = await LoadAgent.connect(gateway.mqttUrl, name, gateway.passwords.get(name) ?? null);
    for (const message of sighting(name, 'first', await picture(0))) await agent.publishAll([message], 1);
    const { page } = await coldOpen(browser, gateway.consoleUrl, await signIn(browser, gateway));
    await dispatched(page, gateway, agent);
    const map = await mapFigures(page, gateway.consoleUrl);
    await page.context().close();
    const crew = rounded(await crewKib(browser, gateway), 1);
    const slope = rounded(await wallSlope(browser, gateway), 1);
    await agent.close();
    return { ...map, crewKiB: crew, wallMinutes: WALL_MINUTES, wallSlopeMiBPerHour: slope };
  } finally {
    await gateway.stop();
  }
}
