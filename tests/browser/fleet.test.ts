/** A model handed out at the console, in a real browser, in both languages: uploaded, begun, watched, and taken back. */
import { join } from 'node:path';
import { timestamp, type UpdateReport } from '@roadwatch/contract';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { TestAgent } from '../../gateway/testing/agent.ts';
import { sampleStatus } from '../../gateway/testing/status.ts';
import { filesOf, modelFolder, signedModel, signingKey } from '../fleet/support/release.ts';
import { closePage, openPage, signIn, startBrowser } from './support/browser.ts';
import { startGateway } from './support/gateway.ts';
import { overflowOf, textsOnScreen } from './support/in-page.ts';
import { hanWords } from './support/languages.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

const WORDS = {
  'en-GB': {
    upload: 'Upload',
    handOut: 'Hand out',
    begin: 'Begin',
    back: 'gone back',
    why: 'far more candidates',
  },
  'zh-CN': { upload: '上传', handOut: '下发', begin: '开始推送', back: '已回退', why: '疑似病害数量骤增' },
} as const;

test.each(Object.keys(WORDS) as (keyof typeof WORDS)[])(
  'an admin uploads a signed model, hands it out, and sees a box go back and why (%s)',
  async (locale) => {
    const words = WORDS[locale];
    const key = await signingKey();
    const gateway = await startGateway({ fleet: { keyFiles: [key.publicFile] } });
    onTestFinished(() => gateway.stop());
    const name = { site: 'binjiang', agent: 'edge-1' };
    const agent = await TestAgent.connect(gateway.mqttUrl, name, await gateway.addAgent('binjiang/edge-1'));
    const status = sampleStatus(name);
    await agent.deliver(agent.topics.status, JSON.stringify(status));
    const { page, errors } = await openPage(browser, gateway.consoleUrl, { locale });
    onTestFinished(() => closePage(page));
    await signIn(page, gateway.login);
    await page.goto(new URL('/admin/fleet', gateway.consoleUrl).href);

    const choose = async (folder: string): Promise<void> => {
      const names = [...(await filesOf(folder)).keys()];
      await page.locator('input[type="file"]').setInputFiles(names.map((file) => join(folder, file)));
      await page.getByRole('button', { name: words.upload, exact: true }).click();
    };
    await choose(await modelFolder({ version: '2' }));
    await page.locator('.problem[role="alert"]').waitFor();
    expect(errors.splice(0)).toHaveLength(1);
    await choose(await signedModel(key, { version: '2' }));
    await page.getByRole('button', { name: words.handOut, exact: true }).click();
    await page.locator('input[name="targets"]').fill('binjiang/*');
    await page.getByRole('button', { name: words.begin, exact: true }).click();

    const offer = await agent.update();
    const report: UpdateReport = {
      rollout: offer.rollout,
      release: { kind: 'model', name: 'test-model', version: '2' },
      state: 'rolled_back',
      since: timestamp(Date.now()),
      receivedBytes: 4_000,
      totalBytes: 4_000,
      code: 'candidates_jumped',
      detail: '120 candidates in 100 frames; the model before would have had 3.0',
      comparison: { frames: 12, boxes: 4, newBoxes: 40, agreement: 0.1, slowdown: 1.2 },
    };
    const later = { ...status, at: timestamp(Date.now()), updates: [report] };
    await agent.deliver(agent.topics.status, JSON.stringify(later));
    await page.locator('.mark', { hasText: words.back }).waitFor();
    await page.getByText(words.why, { exact: false }).first().waitFor();
    if (locale === 'en-GB') expect(hanWords(await textsOnScreen(page))).toEqual([]);
    expect(await overflowOf(page)).toMatchObject({ tooWide: false, cutOff: [] });
    await page.setViewportSize({ width: 390, height: 844 });
    expect((await overflowOf(page)).tooWide).toBe(false);
    expect(errors).toEqual([]);
  },
  90_000,
);

test('what was typed of a rollout is what is begun, also when the form has changed since; and no click alone ends anything', async () => {
  const key = await signingKey();
  const gateway = await startGateway({ fleet: { keyFiles: [key.publicFile] } });
  onTestFinished(() => gateway.stop());
  for (const agent of ['edge-1', 'edge-2']) await gateway.addAgent(`binjiang/${agent}`);
  const { page } = await openPage(browser, gateway.consoleUrl);
  onTestFinished(() => page.context().close());
  await signIn(page, gateway.login);
  await page.goto(new URL('/admin/fleet', gateway.consoleUrl).href);
  const folder = await signedModel(key, { version: '2' });
  const names = [...(await filesOf(folder)).keys()];
  await page.locator('input[type="file"]').setInputFiles(names.map((file) => join(folder, file)));
  await page.getByRole('button', { name: 'Upload', exact: true }).click();

  await page.getByRole('button', { name: 'Hand out', exact: true }).click();
  await page.locator('input[name="targets"]').fill('binjiang/edge-1');
  await page.locator('input[name="stage"]').fill('7');
  await page.locator('input[name="failures"]').fill('2');
  await page.locator('form.fields select').first().selectOption('shadow');
  await page.locator('input[name="share"]').fill('25');
  await page.locator('form.fields select').first().selectOption('switch');
  await page.locator('input[name="trial"]').fill('45');
  const asked = page.waitForRequest((request) => request.method() === 'POST');
  await page.getByRole('button', { name: 'Begin', exact: true }).click();
  expect((await asked).postDataJSON()).toMatchObject({
    ...{ targets: ['binjiang/edge-1'], atOnce: 7, maxFailures: 2, terms: { trialMinutes: 45 } },
  });

  const questions: string[] = [];
  page.once('dialog', (dialog) => {
    questions.push(dialog.message());
    void dialog.dismiss();
  });
  await page.getByRole('button', { name: 'Take back', exact: true }).click();
  expect(questions).toEqual(['Take this rollout back? Boxes that have not switched keep their model.']);
  page.on('dialog', (dialog) => {
    questions.push(dialog.message());
    void dialog.accept();
  });
  // The first question was answered with no: the rollout can still be taken back.
  await page.getByRole('button', { name: 'Take back', exact: true }).click();
  await page.locator('tr .mark', { hasText: 'taken back' }).first().waitFor();
  await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await page.locator('.mark', { hasText: 'withdrawn' }).waitFor();
  expect(questions.at(-1)).toBe('Withdraw this release for good?');
});

test('what cannot be loaded of the fleet is told where it would stand', async () => {
  const gateway = await startGateway();
  onTestFinished(() => gateway.stop());
  const { page } = await openPage(browser, gateway.consoleUrl);
  onTestFinished(() => page.context().close());
  await signIn(page, gateway.login);
  await page.route(/\/api\/(rollouts|agents)$/, (route) => route.fulfill({ status: 502, body: '' }));
  await page.goto(new URL('/admin/fleet', gateway.consoleUrl).href);
  await expect.poll(() => page.locator('.problem[role="alert"]').count()).toBe(2);
});
