/** What the box believes of a certificate that it is given, and when it wants the next one. */
import { createPrivateKey, X509Certificate } from 'node:crypto';

/** Whether the authority issued it, for this key and this name. Texts are PEM. */
export function isCertificateFor(
  certificate: string,
  privateKey: string,
  name: string,
  authority: string,
): boolean {
  try {
    const own = new X509Certificate(certificate);
    const issuer = new X509Certificate(authority);
    return (
      own.checkPrivateKey(createPrivateKey(privateKey)) &&
      own.checkIssued(issuer) &&
      own.verify(issuer.publicKey) &&
      own.toLegacyObject().subject.CN === name
    );
  } catch {
    return false;
  }
}

/** After two thirds of its life; or before it, since then one of the two clocks is wrong. */
export function isRenewalDue(certificate: string, nowMs: number): boolean {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  const [from, to] = [validFromDate.getTime(), validToDate.getTime()];
  return nowMs < from || nowMs > to - (to - from) / 3;
}
