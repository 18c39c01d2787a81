import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificate } from '../../testing/certificate.ts';
import { createListener } from '../broker/listener.ts';
import { openAuthority } from './authority.ts';
import { serverKeys } from './server-certificate.ts';

const NOW = Date.now();
const DAY_MS = 86_400_000;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'roadwatch-pki-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function own(dataDir: string, names: readonly string[] = ['roads.example.org', '10.0.0.4']) {
  const authority = await openAuthority(dataDir, null, NOW);
  return { dataDir, authority, names, files: null };
}

test('the authority is made once, also by two that start together, and only its owner reads the key', async () => {
  const dataDir = folder();
  const [one, two] = await Promise.all([own(dataDir), own(dataDir)]);
  expect(one.authority.fingerprint).toBe(two.authority.fingerprint);
  expect((await own(dataDir)).authority.fingerprint).toBe(one.authority.fingerprint);
  expect(statSync(join(dataDir, 'tls', 'authority.pem')).mode & 0o777).toBe(0o600);
});

test('the certificate of the broker stays for two months, then a new one is issued; also for another name', async () => {
  const options = await own(folder());
  const { cert } = await serverKeys(options, NOW);
  const first = new X509Certificate(cert);
  expect(first.checkHost('roads.example.org')).toBe('roads.example.org');
  expect(first.checkIP('10.0.0.4')).toBe('10.0.0.4');
  expect(options.authority.hasIssued(first)).toBe(true);
  expect((await serverKeys(options, NOW + 55 * DAY_MS)).cert).toBe(cert);
  const second = (await serverKeys(options, NOW + 65 * DAY_MS)).cert;
  expect(second).not.toBe(cert);
  const renamed = { ...options, names: ['other.example.org'] };
  expect((await serverKeys(renamed, NOW + 66 * DAY_MS)).cert).not.toBe(second);
});

test("the city's certificate is shown, and another one from the next connection on, with no restart", async () => {
  const [dataDir, before, after] = [folder(), makeCertificate(folder()), makeCertificate(folder())];
  const { authority } = await own(dataDir);
  const keysOf = ({ cert, key }: typeof before) =>
    serverKeys({ dataDir, authority, names: [], files: { certFile: cert, keyFile: key } }, NOW);
  const tls = { keys: await keysOf(before), authority: authority.certificate, requireCertificates: false };
  const { server, useKeys } = createListener(
    tls,
    { arrived: () => {}, ready: () => {} },
    pino({ level: 'silent' }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const shown = () =>
    new Promise<string | undefined>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
      socket.on('error', reject);
      socket.on('secureConnect', () => {
        resolve(socket.getPeerX509Certificate()?.toString());
        socket.destroy();
      });
    });
  expect(await shown()).toBe(new X509Certificate(tls.keys.cert).toString());
  useKeys(await keysOf(after));
  expect(await shown()).toBe(new X509Certificate((await keysOf(after)).cert).toString());
  const mixed = { certFile: before.cert, keyFile: after.key };
  await expect(serverKeys({ dataDir, authority, names: [], files: mixed }, NOW)).rejects.toThrow(
    /is not the key of/,
  );
});
