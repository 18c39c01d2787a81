import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../testing/certificate.ts';
import { certificate, confirmed, read } from '../../testing/mail-order.ts';
import { TestMailbox } from '../../testing/mailbox.ts';

describe('a server behind a login', () => {
  const account = { user: 'roadwatch', password: 'the password of the mail account' };
  const behindLogin = () =>
    TestMailbox.start({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        username === account.user && password === account.password
          ? done(null, { user: username })
          : done(new Error('no')),
    });
  test('gets the order after it', async () => {
    const mailbox = await behindLogin();
    const { deliver, state } = await confirmed(mailbox, { smtp: { ...mailbox.smtp, ...account } });
    await deliver();
    expect(await state()).toBe('dispatched');
  });
  test('that refuses the login gets the order once the login is mended; the password is told nowhere', async () => {
    const mailbox = await behindLogin();
    const password = 'an old password';
    const { deliver, order, lines } = await confirmed(mailbox, {
      smtp: { ...mailbox.smtp, user: account.user, password },
    });
    await deliver();
    expect(await order()).toMatchObject({
      state: 'pending',
      last_error: expect.stringMatching(/^login: 535 /),
    });
    expect(lines.join('') + JSON.stringify(await order())).not.toContain(password);
  });
  test('is not used without encryption where that was asked for', async () => {
    const mailbox = await TestMailbox.start();
    const { deliver, order } = await confirmed(mailbox, { smtp: { ...mailbox.smtp, security: 'starttls' } });
    await deliver();
    expect(await order()).toMatchObject({
      state: 'pending',
      last_error: expect.stringMatching(/^STARTTLS: /),
    });
    expect(mailbox.raw).toEqual([]);
  });
  test.each(['starttls', 'tls'] as const)(
    'is reached by %s when its authority is named',
    async (security) => {
      const folder = mkdtempSync(join(tmpdir(), 'roadwatch-mail-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const files = makeCertificate(folder);
      let secured = false;
      const mailbox = await TestMailbox.start({
        secure: security === 'tls',
        disabledCommands: [],
        key: readFileSync(files.key),
        cert: readFileSync(files.cert),
        onMailFrom: (_address, session, done) => {
          secured = session.secure;
          done();
        },
      });
      const { deliver, state } = await confirmed(mailbox, {
        smtp: { ...mailbox.smtp, security, caFile: files.cert },
      });
      await deliver();
      expect([await state(), secured]).toEqual(['dispatched', true]);
    },
  );
  test('whose certificate nobody vouches for gets nothing', async () => {
    const mailbox = await TestMailbox.start({ secure: true, ...read(certificate()) });
    const { deliver, order } = await confirmed(mailbox, { smtp: { ...mailbox.smtp, security: 'tls' } });
    await deliver();
    expect(await order()).toMatchObject({
      state: 'pending',
      last_error: expect.stringMatching(/certificate/),
    });
  });
});
