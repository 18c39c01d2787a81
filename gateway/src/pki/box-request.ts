/** A box's request for a certificate (PKCS #10, RFC 2986): of its subject nothing is believed, only that it has the private key. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { Refusal } from '../refusal.ts';
import { x509 } from './x509.ts';

const MAX_REQUEST = 4096;

/** Throws Refusal. */
export async function readBoxRequest(pem: string): Promise<KeyObject> {
  if (pem.length > MAX_REQUEST) throw refused(`is longer than ${MAX_REQUEST} characters`);
  const read = await verified(pem).catch(() => null);
  if (read === null) throw refused('is not a PKCS #10 request signed with its own key');
  if (read.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw refused('has a key of another kind than P-256');
  return read;
}

async function verified(pem: string): Promise<KeyObject | null> {
  const request = new x509.Pkcs10CertificateRequest(pem);
  if (!(await request.verify())) return null;
  return createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
}

function refused(what: string): Refusal {
  return new Refusal('certificate_request_invalid', `request: ${what}`);
}
