/**
 * Who vouches for the boxes: the gateway's own authority, made at its first start, or the city's. It issues the certificate of the
 * embedded broker and those of the boxes, and the list of those that were revoked (RFC 5280).
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { newId } from '@roadwatch/contract';
import { readBoxRequest } from './box-request.ts';
import { createPemFile, type PemFile, readPemFile, replaceFile } from './pem-file.ts';
import { type X509CrlCreateParams, x509 } from './x509.ts';

const CERTIFICATE_DAYS = 90;
const AUTHORITY_YEARS = 20;
const DAY_MS = 86_400_000;
/** Boxes whose clocks are behind take a certificate all the same. */
const BACKDATED_MS = DAY_MS;
/** A list of revoked certificates is to be fetched anew within so long. */
const LIST_DAYS = 30;
const { KeyUsageFlags, ExtendedKeyUsage } = x509;

export interface Issued {
  readonly certificate: string;
  readonly serial: string;
  readonly notAfter: number;
}
export interface Revoked {
  readonly serial: string;
  readonly at: number;
}

/** Opens the authority in a folder, making it there if it is the first time; with `given`, that of the city. */
export async function openAuthority(
  dataDir: string,
  given: PemFile | null,
  nowMs: number,
): Promise<Authority> {
  if (given !== null) return new Authority(given);
  const folder = join(dataDir, 'tls');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'authority.pem');
  const file = readPemFile(path) ?? createPemFile(path, await makeAuthority(nowMs));
  const authority = new Authority(file);
  replaceFile(join(folder, 'ca.pem'), authority.certificate, 0o600);
  return authority;
}

export class Authority {
  /** PEM. */
  readonly certificate: string;
  /** SHA-256 of the certificate (DER), hex. */
  readonly fingerprint: string;
  readonly #key: KeyObject;
  readonly #own: X509Certificate;
  readonly #issuer: InstanceType<typeof x509.X509Certificate>;

  /** Throws one sentence when the key is not that of the certificate, or the certificate not that of an authority. */
  constructor({ key, certificates: [certificate = ''] }: PemFile) {
    this.#key = createPrivateKey(key);
    this.#own = new X509Certificate(certificate);
    if (!this.#own.checkPrivateKey(this.#key)) throw new Error('the key is not that of the certificate');
    if (!this.#own.ca) throw new Error('the certificate is not that of an authority (basicConstraints CA)');
    this.#issuer = new x509.X509Certificate(certificate);
    this.certificate = certificate;
    this.fingerprint = this.#own.fingerprint256.replaceAll(':', '').toLowerCase();
  }

  /** Whether it issued this certificate, whenever that was. */
  hasIssued(certificate: X509Certificate): boolean {
    return certificate.checkIssued(this.#own) && certificate.verify(this.#own.publicKey);
  }

  /** For the broker itself. */
  issueServer(names: readonly string[], publicKey: KeyObject, nowMs: number): Promise<Issued> {
    const alternatives = names.map((name) => ({
      type: isIP(name) ? ('ip' as const) : ('dns' as const),
      value: name,
    }));
    return this.#issue('Roadwatch broker', publicKey, nowMs, [
      new x509.ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(alternatives),
    ]);
  }

  /** For the box `SITE/AGENT`, whose key the request is made with. Throws Refusal for a request that cannot be used. */
  async issueBox(name: string, request: string, nowMs: number): Promise<Issued & { publicKey: KeyObject }> {
    const publicKey = await readBoxRequest(request);
    const issued = await this.#issue(name, publicKey, nowMs, [
      new x509.ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    ]);
    return { ...issued, publicKey };
  }

  /** PEM, for a broker of another make. */
  async revocationList(revoked: readonly Revoked[], nowMs: number): Promise<string> {
    const list = await x509.X509CrlGenerator.create({
      issuer: this.#issuer.subjectName,
      thisUpdate: new Date(nowMs - BACKDATED_MS),
      nextUpdate: new Date(nowMs + LIST_DAYS * DAY_MS),
      entries: revoked.map(({ serial, at }) => ({ serialNumber: serial, revocationDate: new Date(at) })),
      signingAlgorithm: signatureOf(this.#key),
      signingKey: this.#signingKey(),
    });
    return pemOf('X509 CRL', Buffer.from(list.rawData));
  }

  async #issue(
    name: string,
    publicKey: KeyObject,
    nowMs: number,
    extensions: InstanceType<typeof x509.Extension>[],
  ): Promise<Issued> {
    const serial = newSerial();
    const notAfter = Math.min(nowMs + CERTIFICATE_DAYS * DAY_MS, this.#own.validToDate.getTime());
    const key = new x509.PublicKey(publicKey.export({ type: 'spki', format: 'der' }));
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial,
      subject: [{ CN: [name] }],
      issuer: this.#issuer.subjectName,
      notBefore: new Date(Math.max(nowMs - BACKDATED_MS, this.#own.validFromDate.getTime())),
      notAfter: new Date(notAfter),
      publicKey: key,
      signingKey: this.#signingKey(),
      signingAlgorithm: signatureOf(this.#key),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        await x509.AuthorityKeyIdentifierExtension.create(this.#issuer.publicKey),
        await x509.SubjectKeyIdentifierExtension.create(key),
        ...extensions,
      ],
    });
    return { certificate: `${certificate.toString('pem')}\n`, serial, notAfter };
  }

  #signingKey(): X509CrlCreateParams['signingKey'] {
    return this.#key.toCryptoKey(signatureOf(this.#key), false, [
      'sign',
    ]) as X509CrlCreateParams['signingKey'];
  }
}

async function makeAuthority(nowMs: number): Promise<PemFile> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    // Different for every gateway, so that nobody takes one for the other.
    name: [{ CN: [`Roadwatch ${newId().slice(-12)}`] }],
    notBefore: new Date(nowMs - BACKDATED_MS),
    notAfter: new Date(nowMs + AUTHORITY_YEARS * 365 * DAY_MS),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = createPrivateKey({
    key: Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
    certificates: [`${certificate.toString('pem')}\n`],
  };
}

/** RFC 7468. */
function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** RFC 5280, 4.1.2.2: positive, unique, at most 20 octets. */
function newSerial(): string {
  return `01${newId().replaceAll('-', '')}`;
}

function signatureOf(key: KeyObject) {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const curves: Readonly<Record<string, readonly [curve: string, hash: string]>> = {
    prime256v1: ['P-256', 'SHA-256'],
    secp384r1: ['P-384', 'SHA-384'],
    secp521r1: ['P-521', 'SHA-512'],
  };
  const known = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (known === undefined)
    throw new Error('the key is of a kind that cannot be used; expected RSA, P-256, P-384 or P-521');
  return { name: 'ECDSA', namedCurve: known[0], hash: known[1] };
}
