/** One's own password and second factor, and a session that the browser cannot keep, in a real browser. */
import { Secret, TOTP } from 'otpauth';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { closePage, openPage, startBrowser } from './support/browser.ts';
import { startGateway } from './support/gateway.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

test('somebody whose role needs a second factor sets it up, signs in with it, and changes the password', async () => {
  const gateway = await startGateway({ login: { requireSecondFactor: ['admin'] } });
  onTestFinished(() => gateway.stop());
  const { page, errors } = await openPage(browser, gateway.consoleUrl);
  onTestFinished(() => closePage(page));
  const { username, password } = gateway.login;
  await page.locator('input[name=username]').fill(username);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Your role needs a second factor').waitFor();
  await page.locator('.factor input[name=password]').fill(password);
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByAltText('QR code').waitFor();
  const secret = Secret.fromBase32(await page.locator('.factor input[readonly]').inputValue());
  const totp = new TOTP({ secret });
  await page.locator('input[name=code]').fill(totp.generate());
  await page.getByRole('button', { name: 'Turn on' }).click();
  const codes = (await page.locator('.factor pre').innerText()).split('\n');
  expect(codes).toHaveLength(10);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('Nothing to verify').waitFor();

  await page.locator('a.who').click();
  await page.locator('input[name=old]').fill(password);
  await page.locator('input[name=new]').fill('a longer secret of mine');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByText('The password is changed').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();

  await page.locator('input[name=username]').fill(username);
  await page.locator('input[name=password]').fill('a longer secret of mine');
  await page.getByRole('button', { name: 'Sign in' }).click();
  // The code that turned it on is used up.
  await page.locator('input[name=code]').fill(totp.generate({ timestamp: Date.now() - 3_600_000 }));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The code is wrong').waitFor();
  await page.locator('input[name=code]').fill(codes[0] as string);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('a.who').waitFor();
  expect(errors.filter((text) => !text.includes('401'))).toEqual([]);
});

test('opened unencrypted though the gateway is meant for TLS, the form says why and where to go', async () => {
  const gateway = await startGateway({ http: { port: 0, publicUrl: 'https://roadwatch.example/' } });
  onTestFinished(() => gateway.stop());
  const plain = await startBrowser(['--host-resolver-rules=MAP roadwatch.test 127.0.0.1']);
  onTestFinished(() => plain.close());
  const { port } = new URL(gateway.consoleUrl);
  const { page } = await openPage(plain, `http://roadwatch.test:${port}/`);
  await page.getByRole('alert').filter({ hasText: 'encrypted line only' }).waitFor();
  expect(await page.getByRole('link', { name: 'https://roadwatch.example/' }).count()).toBe(1);
  await page.locator('input[name=username]').fill(gateway.login.username);
  await page.locator('input[name=password]').fill(gateway.login.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign in', disabled: false }).waitFor();
  await page
    .getByRole('alert')
    .filter({ hasText: `http://roadwatch.test:${port}` })
    .waitFor();
});
