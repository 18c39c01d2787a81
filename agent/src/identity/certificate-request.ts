/** A request for a certificate for the box's own key (PKCS #10, RFC 2986). The library is large, and needed a few times a year. */
import { createPrivateKey, createPublicKey } from 'node:crypto';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** `privateKey` and what is returned: PEM. */
export async function certificateRequest(name: string, privateKey: string): Promise<string> {
  await import('reflect-metadata');
  const { Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509');
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [name] }],
    keys: {
      privateKey: createPrivateKey(privateKey).toCryptoKey(ALGORITHM, false, ['sign']),
      publicKey: createPublicKey(privateKey).toCryptoKey(ALGORITHM, true, ['verify']),
    },
    signingAlgorithm: ALGORITHM,
  });
  return request.toString('pem');
}
