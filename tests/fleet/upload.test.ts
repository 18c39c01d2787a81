/** What somebody uploads as a release, and what becomes of it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFile, copyFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFleet } from './support/fleet.ts';
import { copyOf, filesOf, formOf, modelFolder, sign, signedModel, signingKey } from './support/release.ts';

test('a release that OpenSSL has signed is kept with its card, its hashes and who uploaded it, and that is in the audit', async () => {
  const fleet = await testFleet();
  const folder = await signedModel(fleet.key, { version: '2' });
  const id = await fleet.upload(folder);
  const { body } = await fleet.admin.get(`/api/releases/${id}`);
  expect(body).toMatchObject({ name: 'test-model', version: '2', kind: 'model', uploadedBy: 'user:admin' });
  expect(body.card).toMatch(/^# Test model 2/);
  expect(body.files.map(({ name }: { name: string }) => name)).toEqual([
    'MODEL_CARD.md',
    'manifest.json',
    'model.onnx',
  ]);
  const spki = execFileSync('openssl', ['pkey', '-pubin', '-in', fleet.key.publicFile, '-outform', 'DER']);
  const digest = execFileSync('openssl', ['dgst', '-sha256', '-r'], { input: spki }).toString().split(' ')[0];
  expect(body.signedBy).toBe(digest);
  const { items } = (await fleet.admin.get('/api/audit?action=release')).body;
  expect(items).toMatchObject([
    { action: 'release.uploaded', actor: 'user:admin', subject: `release:${id}` },
  ]);
  await expect(fleet.upload(folder)).rejects.toThrow(/409 .*is there already/);
  expect((await fleet.admin.post(`/api/releases/${id}/withdraw`)).status).toBe(204);
  const late = await fleet.admin.post('/api/rollouts', { releaseId: id, mode: 'switch', targets: ['*/*'] });
  expect(late.status).toBe(409);
});

test('what the gateway signs itself, OpenSSL verifies', async () => {
  const folder = await modelFolder({ version: '3' });
  const key = await signingKey();
  execFileSync(process.execPath, ['gateway/src/cli.ts', 'models', 'sign', folder, '--key', key.privateFile]);
  const files = ['-in', join(folder, 'release.json'), '-sigfile', join(folder, 'release.sig')];
  const verify = ['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', key.publicFile, ...files];
  expect(execFileSync('openssl', verify).toString()).toContain('Signature Verified Successfully');
});

test('a folder with a private key in it is neither signed nor taken', async () => {
  const fleet = await testFleet();
  const folder = await modelFolder({ version: '3' });
  await copyFile(fleet.key.privateFile, join(folder, 'signing.pem'));
  const arguments_ = ['gateway/src/cli.ts', 'models', 'sign', folder, '--key', fleet.key.privateFile];
  const tried = spawnSync(process.execPath, arguments_, { encoding: 'utf8' });
  expect([tried.status, tried.stderr]).toEqual([1, expect.stringContaining('signing.pem: holds a private')]);
  expect(await readdir(folder)).not.toContain('release.json');
  await sign(folder, fleet.key, '3');
  await expect(fleet.upload(folder)).rejects.toThrow(/signing\.pem: holds a private key/);
});

test('what is not as it was signed is refused by name, and nothing of it is kept', async () => {
  const fleet = await testFleet();
  const good = await signedModel(fleet.key, { version: '2' });
  const stranger = await signingKey();
  const cases: readonly [what: string, spoil: (folder: string) => Promise<unknown>, says: RegExp][] = [
    ['unsigned', (folder) => rm(join(folder, 'release.sig')), /release.sig: is missing.*release_unsigned/],
    ['signed by a stranger', (folder) => sign(folder, stranger, '2'), /no key of fleet.keyFiles/],
    ['half a signature', (folder) => truncate(join(folder, 'release.sig'), 32), /release_unsigned/],
    ['half a model', (folder) => truncate(join(folder, 'model.onnx'), 100), /model.onnx: has 100 bytes/],
    ['without a file', (folder) => rm(join(folder, 'manifest.json')), /manifest.json: is missing/],
    [
      'with one more',
      (folder) => writeFile(join(folder, 'run.sh'), 'x'),
      /run.sh: is not named in release.json/,
    ],
    ['a changed text', (folder) => appendFile(join(folder, 'release.json'), ' '), /release_unsigned/],
    [
      'no JSON',
      (folder) => writeFile(join(folder, 'release.json'), '{"v":1'),
      /release.json: not valid JSON/,
    ],
    ['an old form', (folder) => writeFile(join(folder, 'release.json'), '{"v":0}'), /release.json: .*v: /],
  ];
  for (const [what, spoil, says] of cases) {
    const folder = await copyOf(good);
    await spoil(folder);
    await expect(fleet.upload(folder), what).rejects.toThrow(says);
  }
  expect((await fleet.admin.get('/api/releases')).body.items).toEqual([]);
});

test('a file with a name that is no plain name of a file is refused', async () => {
  const { admin, gateway, key } = await testFleet();
  const folder = await signedModel(key, { version: '2' });
  for (const name of [
    '../../etc/passwd',
    '/etc/passwd',
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    'nul\u0000',
    'ünd',
  ]) {
    const form = await formOf(folder);
    form.append('file', new Blob(['x']), name);
    const answer = await fetch(new URL('/api/releases', gateway.url), {
      method: 'POST',
      headers: admin.headers,
      body: form,
    });
    expect((await answer.json()) as object, name).toMatchObject({ status: 422, code: 'release_refused' });
  }
});

test('a model whose manifest and file do not fit each other is refused though it is signed', async () => {
  const fleet = await testFleet();
  const spoilt = (change: (manifest: Record<string, unknown>) => void) =>
    signedModel(fleet.key, { version: '2', change });
  await expect(
    fleet.upload(await spoilt((m) => Object.assign(m, { sha256: 'ab'.repeat(32) }))),
  ).rejects.toThrow(/model.onnx: has another SHA-256 than manifest.json says/);
  await expect(fleet.upload(await spoilt((m) => Object.assign(m, { classes: [] })))).rejects.toThrow(
    /classes/,
  );
  await expect(fleet.upload(await spoilt((m) => Object.assign(m, { name: 'other' })))).rejects.toThrow(
    /manifest.json: is of other 2, not of test-model 2/,
  );
});

test('a release larger than the gateway takes is refused, and only an admin may upload', async () => {
  const fleet = await testFleet({});
  const small = await testFleet({ fleet: { keyFiles: [fleet.key.publicFile], maxMegabytes: 1 } });
  const folder = await signedModel(fleet.key, { version: '2', ballast: 1_200_000 });
  await expect(small.upload(folder)).rejects.toThrow(/413 .*at most 1 MB/);
  const lead = await fleet.gateway.operator('shift_lead');
  const body = await formOf(folder);
  const answer = await fetch(new URL('/api/releases', fleet.gateway.url), {
    method: 'POST',
    headers: lead.headers,
    body,
  });
  expect(answer.status).toBe(403);
});

test('files of a release are for boxes with their own login only, and from any byte on', async () => {
  const fleet = await testFleet();
  const folder = await signedModel(fleet.key, { version: '2' });
  const { mqtt } = (await fleet.register('box')) as { mqtt: { password: string } };
  await fleet.upload(folder);
  const model = (await filesOf(folder)).get('model.onnx') as Uint8Array;
  const { files } = (await fleet.admin.get('/api/releases')).body.items[0];
  const { sha256 } = files.find(({ name }: { name: string }) => name === 'model.onnx');
  const url = new URL(`/api/agents/files/${sha256}`, fleet.gateway.url);
  const login = (password: string) => ({ authorization: `Basic ${btoa(`site/box:${password}`)}` });
  expect((await fetch(url)).status).toBe(401);
  expect((await fetch(url, { headers: login('wrong') })).status).toBe(401);
  const part = await fetch(url, { headers: { ...login(mqtt.password), range: 'bytes=100-' } });
  expect(part.status).toBe(206);
  expect(Buffer.compare(Buffer.from(await part.arrayBuffer()), Buffer.from(model.subarray(100)))).toBe(0);
  const other = new URL(`/api/agents/files/${'ab'.repeat(32)}`, fleet.gateway.url);
  expect((await fetch(other, { headers: login(mqtt.password) })).status).toBe(404);
}, 30_000);
