/** The certificate of a camera that made it itself, as cameras do. The library is large, and needed only where TLS is asked for. */
import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** PEM. */
export interface TlsKeys {
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const YEARS = 10;
const EVERYWHERE = ['0.0.0.0', '::'];

/** For the address on which a server listens, and for loopback. */
export async function selfMadeKeys(host: string): Promise<TlsKeys> {
  await import('reflect-metadata');
  const { SubjectAlternativeNameExtension, X509CertificateGenerator } = await import('@peculiar/x509');
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = new Set([host, 'localhost', '127.0.0.1', '::1'].filter((name) => !EVERYWHERE.includes(name)));
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: [{ CN: ['Roadwatch Simulator'] }],
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + YEARS * 365 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys: {
      privateKey: privateKey.toCryptoKey(ALGORITHM, false, ['sign']),
      publicKey: publicKey.toCryptoKey(ALGORITHM, true, ['verify']),
    },
    extensions: [
      new SubjectAlternativeNameExtension(
        [...names].map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
    ],
  });
  return {
    cert: certificate.toString('pem'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

/** Those of the command line. @throws Error that names the option and the file */
export async function readKeys(certFile: string, keyFile: string): Promise<TlsKeys> {
  const read = (option: string, file: string): Promise<string> =>
    readFile(file, 'utf8').catch((error: Error) => {
      throw new Error(`${option}: ${error.message}`);
    });
  const keys = { cert: await read('--tls-cert', certFile), key: await read('--tls-key', keyFile) };
  const parsed = <T>(option: string, file: string, what: string, parse: () => T): T => {
    try {
      return parse();
    } catch {
      throw new Error(`${option}: ${file} holds no ${what} (PEM)`);
    }
  };
  const cert = parsed('--tls-cert', certFile, 'certificate', () => new X509Certificate(keys.cert));
  const key = parsed('--tls-key', keyFile, 'key that can be read', () => createPrivateKey(keys.key));
  if (!cert.checkPrivateKey(key)) throw new Error(`--tls-key: ${keyFile} is not the key of ${certFile}`);
  return keys;
}

/** SHA-256, as `openssl x509 -fingerprint` and browsers show it. @throws Error when it is no certificate */
export function fingerprintOf(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}
