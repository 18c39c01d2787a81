/** WS-UsernameToken with a digest (OASIS WSS Username Token Profile 1.0; ONVIF Core 5.12.2.1): the password itself is not told. */
import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from '@roadwatch/common';
import { escapeXml } from './xml.ts';

const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';

/** The header's element. `createdMs`: by the device's own clock, since it refuses a token that is old. */
export function usernameToken({ username, password }: Credentials, createdMs: number): string {
  const nonce = randomBytes(16);
  const created = new Date(createdMs).toISOString();
  const digest = createHash('sha1').update(nonce).update(created).update(password.reveal()).digest('base64');
  return (
    `<wsse:Security s:mustUnderstand="1" xmlns:wsse="${WSS}-wssecurity-secext-1.0.xsd" xmlns:wsu="${WSS}-wssecurity-utility-1.0.xsd">` +
    `<wsse:UsernameToken><wsse:Username>${escapeXml(username)}</wsse:Username>` +
    `<wsse:Password Type="${WSS}-username-token-profile-1.0#PasswordDigest">${digest}</wsse:Password>` +
    `<wsse:Nonce EncodingType="${WSS}-soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</wsse:Nonce>` +
    `<wsu:Created>${created}</wsu:Created></wsse:UsernameToken></wsse:Security>`
  );
}
