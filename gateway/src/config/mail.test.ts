import { describe, expect, test } from 'vitest';
import { testConfig } from '../../testing/config.ts';
import type { Config } from './config.ts';

describe('the configuration of mail', () => {
  const unit = { id: 'bureau', name: { en: 'Bureau', zh: '城管局' }, mail: { to: ['duty@bureau.test'] } };
  const smtp = { host: 'mail.test', from: 'a@b.test' };
  const config = (settings: object) => () => testConfig(settings as Config);
  test('takes the port that goes with the encryption, and a password from the environment', () => {
    process.env.ROADWATCH_TEST_SMTP = 'kept elsewhere';
    const given = testConfig({
      units: [unit],
      smtp: { ...smtp, user: 'u', passwordEnv: 'ROADWATCH_TEST_SMTP' },
    });
    expect(given.smtp?.port).toBe(587);
    expect(given.smtp?.login?.password.reveal()).toBe('kept elsewhere');
    expect(testConfig({ units: [unit], smtp: { ...smtp, security: 'tls' } }).smtp?.port).toBe(465);
  });
  test.each([
    ['no server', { units: [unit] }, /smtp: is missing/],
    [
      'a password in the clear',
      { units: [unit], smtp: { ...smtp, security: 'none', user: 'u', password: 'p' } },
      /in the clear/,
    ],
    [
      'a user without a password',
      { units: [unit], smtp: { ...smtp, user: 'u' } },
      /give user and a password together/,
    ],
    [
      'an unset variable',
      { units: [unit], smtp: { ...smtp, user: 'u', passwordEnv: 'ROADWATCH_UNSET' } },
      /ROADWATCH_UNSET is not set/,
    ],
    [
      'a header for an address',
      { units: [{ ...unit, mail: { to: ['a@b.test\r\nBcc: c@d.test'] } }], smtp },
      /mail\.to/,
    ],
    [
      'a header for a sender',
      { units: [unit], smtp: { ...smtp, from: 'A\r\nBcc: c@d.test <a@b.test>' } },
      /smtp\.from/,
    ],
    [
      'two systems of one unit',
      { units: [{ ...unit, webhook: { url: 'http://b.test', secret: 'x'.repeat(24) } }], smtp },
      /give one of/,
    ],
  ])('is refused with %s', (_name, settings, problem) => {
    expect(config(settings)).toThrow(problem);
  });
});
