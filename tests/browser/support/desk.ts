/** A gateway with one agent and its cameras, and an operator's page that is signed in: what most of these tests begin with. */
import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { closePage, openPage, type PageOptions, signIn, type Watched } from './browser.ts';
import { emptyQueue } from './empty-queue.ts';
import { AGENT_NAME, FieldAgent } from './field-agent.ts';
import { type RunningGateway, startGateway } from './gateway.ts';
import { holeBox, SIZE, streetPicture } from './street-picture.ts';

const CAMERAS = {
  'binsheng-rd': { en: 'Binsheng Road', zh: '滨盛路' },
  'wentao-rd': { en: 'Wentao Road', zh: '闻涛路' },
} as const;
type CameraId = keyof typeof CAMERAS;

export interface DeskSetup {
  readonly gateway: RunningGateway;
  readonly agent: FieldAgent;
  /** Each time in another place. */
  seesHole(camera: CameraId, clip?: Buffer): Promise<void>;
  /** A page that closes with the test. */
  open(options?: PageOptions): Promise<Watched>;
  /** Rejects whatever waits for a verdict. */
  emptyQueue(): Promise<void>;
  stop(): Promise<void>;
}

export async function setUpDesk(browser: Browser, config: object = {}): Promise<DeskSetup> {
  const gateway = await startGateway(config);
  const agent = await FieldAgent.connect(gateway.mqttUrl, await gateway.addAgent(AGENT_NAME));
  await agent.status();
  let holes = 0;
  for (const [camera, name] of Object.entries(CAMERAS)) await agent.camera(camera, name);
  return {
    gateway,
    agent,
    seesHole: async (camera, clip) => {
      const seed = holes++;
      const picture = await streetPicture(seed);
      const sighting = { camera, damageClass: 'pothole', box: holeBox(seed), picture, size: SIZE } as const;
      await agent.sees(clip === undefined ? sighting : { ...sighting, clip });
    },
    open: async (options) => {
      const watched = await openPage(browser, gateway.consoleUrl, options);
      onTestFinished(() => closePage(watched.page));
      await signIn(watched.page, gateway.login);
      return watched;
    },
    emptyQueue: () => emptyQueue(gateway.consoleUrl, gateway.login),
    stop: async () => {
      await agent.end();
      await gateway.stop();
    },
  };
}

/** The alerts of the queue by their camera, from the top, as they are once there are so many. */
export async function queueOf(page: Page, length: number): Promise<string[]> {
  const items = page.locator('.queue .item');
  await items.nth(length).waitFor({ state: 'detached' });
  if (length > 0) await items.nth(length - 1).waitFor();
  return items.locator('.where').allInnerTexts();
}

/** Waits for the picture of the alert at hand: then its verdict can be given. */
export async function atHand(page: Page, camera: string): Promise<void> {
  await page.locator('.stage-head h2', { hasText: camera }).waitFor();
  await page.locator('.stage[data-ready="true"]').waitFor();
}
