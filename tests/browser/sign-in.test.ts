/** Signing in by the organisation's own identity provider, in a real browser. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { TestProvider } from '../../gateway/testing/identity-provider.ts';
import { closePage, openPage, startBrowser } from './support/browser.ts';
import { startGateway } from './support/gateway.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

test('one click leads to the provider and back to the desk; who may not come in is told so', async () => {
  const provider = await TestProvider.start();
  const gateway = await startGateway({ oidc: provider.oidc });
  onTestFinished(() => gateway.stop());
  provider.register(gateway.consoleUrl);
  provider.person = { sub: '7', preferred_username: 'stranger', roles: [] };
  const { page } = await openPage(browser, gateway.consoleUrl);
  onTestFinished(() => closePage(page));
  await page.getByRole('link', { name: 'Single sign-on' }).click();
  await page.getByRole('alert').filter({ hasText: 'may not come in here' }).waitFor();
  expect(new URL(page.url()).search).toBe('');

  provider.person = { sub: '1', preferred_username: 'ann', roles: ['roads'] };
  await page.getByRole('link', { name: 'Single sign-on' }).click();
  await page.getByText('Nothing to verify').waitFor();
  await page.getByText('ann').first().waitFor();
  await page.reload();
  await page.getByText('Nothing to verify').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Single sign-on' }).waitFor();
});
