import { expect, test } from 'vitest';
import { isFinalReply, type SmtpError } from './smtp-reply.ts';

function reply(response: string, command: string): SmtpError {
  return Object.assign(new Error(response), {
    response,
    responseCode: Number(response.slice(0, 3)),
    command,
  });
}

test.each([
  ['550 5.1.1 <duty@bureau.test>: Recipient address rejected: User unknown', 'RCPT TO', true],
  ['550-5.1.1 The email account that you tried to reach does not exist', 'RCPT TO', true],
  ['550 Mailbox not found', 'RCPT TO', true],
  ['553 sorry, no mailbox here by that name', 'RCPT TO', true],
  ['550 5.1.2 Bad destination system', 'RCPT TO', true],
  ['552 5.3.4 Message size exceeds fixed maximum', 'DATA', true],
  ['550 Connection frequency limited. http://service.mail.qq.com/', 'DATA', false],
  ['550 Connection frequency limited', 'RCPT TO', false],
  ['550 5.7.1 Our system has detected an unusual rate of mail', 'DATA', false],
  ['554 5.7.1 Service unavailable; client host blocked', 'RCPT TO', false],
  ['554 DT:SPM 163 smtp', 'DATA', false],
  ['550 5.1.1 too many recipients, try again later', 'RCPT TO', false],
  ['552 5.2.2 Mailbox full', 'RCPT TO', false],
  ['550 Relaying denied', 'RCPT TO', false],
  ['550 as it is', 'DATA', false],
  ['530 5.7.0 Must issue a STARTTLS command first', 'MAIL FROM', false],
  ['451 4.7.1 Greylisted', 'RCPT TO', false],
  ['421 4.3.2 System not accepting network messages', 'CONN', false],
])('%s after %s: final is %s', (response, command, final) =>
  expect(isFinalReply(reply(response, command))).toBe(final),
);

test('of several recipients all must be gone for good', () => {
  const [gone, later] = [reply('550 5.1.1 unknown', 'RCPT TO'), reply('450 4.2.0 greylisted', 'RCPT TO')];
  const all = (...rejectedErrors: SmtpError[]) =>
    Object.assign(reply('550 5.1.1 unknown', 'RCPT TO'), { rejectedErrors });
  expect(isFinalReply(all(gone, later))).toBe(false);
  expect(isFinalReply(all(gone, gone))).toBe(true);
});
