/** The way to the server that takes mail, with limits on every step of the protocol. */
import { createTransport } from 'nodemailer';
import type { Smtp } from '../config/mail.ts';

/** For each step of the protocol. */
const TIMEOUT_MS = 10_000;
/** RFC 5321 4.5.3.1.5 has 512 a line, and few lines. */
const MAX_REPLY_BYTES = 64 * 1024;

export function smtpTransport(smtp: Smtp) {
  return createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.security === 'tls',
    requireTLS: smtp.security === 'starttls',
    ignoreTLS: smtp.security === 'none',
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
    maxResponseSize: MAX_REPLY_BYTES,
    // What is sent is what is given here: nothing is read from a path or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(smtp.ca === undefined ? {} : { tls: { ca: smtp.ca } }),
    ...(smtp.login === undefined
      ? {}
      : { auth: { user: smtp.login.username, pass: smtp.login.password.reveal() } }),
  });
}
