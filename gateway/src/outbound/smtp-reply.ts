/** Whether a mail server's "no" is its last word on an order. */

export interface SmtpError extends Error {
  readonly code?: string;
  readonly response?: string;
  readonly responseCode?: number;
  /** The command that was answered so, such as `RCPT TO`. */
  readonly command?: string;
  /** Of each recipient, when all were refused. */
  readonly rejectedErrors?: readonly SmtpError[];
}

/**
 * RFC 3463: no such mailbox or domain, a bad address, a mailbox that has moved, no mail accepted there, a message that is too
 * large or in a form that is not understood. All else (5.2.2 full, 5.4 routing, 5.7 policy: limits, spam, login) may change.
 */
const FINAL = /^5\.(1\.(1|2|3|6|10)|3\.4|6\.\d{1,3})$/;
/** Of a server without such codes: 550 is said of a mailbox that is not there, and of much that passes (RFC 5321 4.2.3). */
const PASSING =
  /later|tempor|limit|frequen|\brate\b|too many|quota|full|busy|gr[ae]y|spam|block|blacklist|\brbl\b|polic|denied|relay|reputation|suspend|auth|dns|频|限|稍后|垃圾/i;
const NO_MAILBOX: readonly number[] = [550, 551, 553];

/** A reply 4yz, and no reply at all, is never the last word. */
export function isFinalReply(error: SmtpError): boolean {
  const { response = '', responseCode = 0, command = '', rejectedErrors } = error;
  if (rejectedErrors !== undefined && rejectedErrors.length > 0) return rejectedErrors.every(isFinalReply);
  if (responseCode < 500) return false;
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  // "5.1.1 too many recipients" is said, too.
  if (PASSING.test(response)) return false;
  if (enhanced !== undefined) return FINAL.test(enhanced);
  return /^RCPT/i.test(command) && NO_MAILBOX.includes(responseCode);
}
