/** A city's own tiles, made from a Chinese web map: they are drawn, and what is drawn above them lies where it does on them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toGcj02 } from '@roadwatch/contract';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { closePage, openPage, SOFTWARE_GL, signIn, startBrowser } from './support/browser.ts';
import { addCameras, cityCamera } from './support/city.ts';
import { type RunningGateway, startGateway } from './support/gateway.ts';
import { pmtilesOfSquare } from './support/pmtiles.ts';

const CAMERA = cityCamera(52);
/** As the web map has it: half a kilometre from where it stands on the globe. */
const ON_TILES = toGcj02(CAMERA.position);
/** About 110 m to each side. */
const WATER = 0.001;

let browser: Browser;
let gateway: RunningGateway;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadwatch-tiles-'));
  const file = join(folder, 'city.pmtiles');
  await writeFile(file, pmtilesOfSquare(ON_TILES, WATER));
  browser = await startBrowser(SOFTWARE_GL);
  gateway = await startGateway({ map: { file, datum: 'gcj02' } });
  await addCameras(gateway.file, 60);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

type Colour = readonly [red: number, green: number, blue: number];

/** A colour of the page's styles. */
async function style(page: Page, name: string): Promise<Colour> {
  const text = await page.evaluate<string>(`(() => {
    const probe = document.body.appendChild(document.createElement('span'));
    probe.style.color = 'var(--${name})';
    return getComputedStyle(probe).color;
  })()`);
  return (text.match(/\d+/g) ?? []).slice(0, 3).map(Number) as unknown as Colour;
}

/** What is drawn there, in pixels from the middle of the map. */
async function drawn(page: Page, right: number, down: number): Promise<Colour> {
  const box = await page.locator('canvas.maplibregl-canvas').boundingBox();
  if (box === null) throw new Error('no map');
  const clip = {
    x: Math.round(box.x + box.width / 2 + right),
    y: Math.round(box.y + box.height / 2 + down),
    width: 1,
    height: 1,
  };
  const [red = 0, green = 0, blue = 0] = await sharp(await page.screenshot({ clip }))
    .raw()
    .toBuffer();
  return [red, green, blue];
}

test('water of the tiles is drawn as water, and a camera stands on it where the web map has it', async () => {
  const { page, errors, elsewhere } = await openPage(browser, gateway.consoleUrl);
  onTestFinished(() => closePage(page));
  await signIn(page, gateway.login);
  const view = `#17/${ON_TILES.latitude}/${ON_TILES.longitude}`;
  await page.goto(new URL(`/map${view}`, gateway.consoleUrl).href);
  await page.locator('canvas.maplibregl-canvas').waitFor();
  const [water, ground] = [await style(page, 'map-water'), await style(page, 'map-ground')];
  expect(water).not.toEqual(ground);
  // The square is about 250 pixels wide at this zoom: inside it beside the camera, and outside.
  await expect.poll(() => drawn(page, -80, 70), { timeout: 30_000 }).toEqual(water);
  expect(await drawn(page, -220, 200)).toEqual(ground);

  const canvas = await page.locator('canvas.maplibregl-canvas').boundingBox();
  if (canvas === null) throw new Error('no map');
  const [x, y] = [canvas.x + canvas.width / 2, canvas.y + canvas.height / 2];
  const pointer = async () => {
    await page.mouse.move(x + 1, y);
    await page.mouse.move(x, y);
    return page.evaluate('document.querySelector("canvas.maplibregl-canvas").style.cursor');
  };
  await expect.poll(pointer, { timeout: 30_000 }).toBe('pointer');
  await page.mouse.click(x, y);
  await page.waitForURL(`**/cameras/binjiang/${CAMERA.agent}/${CAMERA.camera}`);
  expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
}, 120_000);
