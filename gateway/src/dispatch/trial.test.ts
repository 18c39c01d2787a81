import { expect, test } from 'vitest';
import { TestBureau } from '../../testing/bureau.ts';
import { testConfig } from '../../testing/config.ts';
import { TestMailbox } from '../../testing/mailbox.ts';
import { TestCity } from '../../testing/open311-bureau.ts';
import type { Config } from '../config/config.ts';
import { tryUnit } from './trial.ts';

const NOW = Date.parse('2026-11-23T08:00:00.000Z');

function trial(settings: Parameters<typeof testConfig>[0]) {
  const config: Config = testConfig(settings);
  const [unit] = config.units;
  if (unit === undefined) throw new Error('no unit');
  return tryUnit(unit, config, NOW, new AbortController().signal);
}

test('a webhook gets a signed order that is marked as a test and names no ticket, and its answer is shown', async () => {
  const bureau = await TestBureau.start();
  bureau.answer = { status: 202, body: 'received,\nthank you' };
  expect(await trial({ units: [bureau.unit] })).toEqual({
    ok: true,
    lines: [`POST ${new URL(bureau.url).origin}`, '202 received, thank you'],
  });
  expect(bureau.orders).toMatchObject([
    { genuine: true, body: { type: 'unit.test', test: true, data: { unit: 'bureau' } } },
  ]);
  expect(bureau.orders[0]?.body.data).not.toHaveProperty('ticket');
});

test('what a webhook refuses is shown as well', async () => {
  const bureau = await TestBureau.start();
  bureau.answer = { status: 401, body: 'No matching signature found' };
  expect(await trial({ units: [bureau.unit] })).toMatchObject({
    ok: false,
    lines: [expect.any(String), '401 No matching signature found'],
  });
});

test('a mailbox gets a mail that says that it is none', async () => {
  const mailbox = await TestMailbox.start();
  const { ok, lines } = await trial({ units: [mailbox.unit], smtp: mailbox.smtp });
  expect([ok, lines[1]]).toEqual([true, expect.stringMatching(/^250 /)]);
  expect(mailbox.mails[0]?.subject).toContain('试发 Test');
  mailbox.unknown = ['lead@bureau.test'];
  expect(await trial({ units: [mailbox.unit], smtp: mailbox.smtp })).toMatchObject({
    ok: false,
    lines: expect.arrayContaining(['refused for lead@bureau.test']),
  });
});

test('an Open311 system is read only', async () => {
  const city = await TestCity.start();
  const { lines } = await trial({ units: [city.unit] });
  expect(lines.at(-1)).toContain('knows no trial');
  expect(city.requests).toEqual([]);
});

test('the desk gets nothing', async () =>
  expect(await trial({})).toMatchObject({ ok: true, lines: [expect.stringContaining('built-in desk')] }));
