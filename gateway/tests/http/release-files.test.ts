/** A paired box asks for a file of a release with what it signs itself. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { type FileRequest, keyIdOf, sha256, signMessage, timestamp } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { certificateRequest } from '../../../agent/src/identity/certificate-request.ts';
import { registerKey } from '../../src/agents/keys.ts';
import { registerAgent, revokeAgent } from '../../src/agents/registry.ts';
import { openAuthority } from '../../src/pki/authority.ts';
import { testGateway } from '../../testing/gateway.ts';
import { handOut } from '../../testing/release.ts';

const FILE = Buffer.from('a file of a release');
const BOX = { site: 'binjiang', agent: 'edge-1' };

test('a box gets a file with what its own key has signed: for this file, of now, and as long as it may connect', async () => {
  const gateway = await testGateway();
  const store = await gateway.store();
  await registerAgent(store, BOX);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const key = keyIdOf(createPublicKey(pem));
  const authority = await openAuthority(gateway.config.dataDir, null, store.now());
  const issued = await authority.issueBox(
    'binjiang/edge-1',
    await certificateRequest('binjiang/edge-1', pem),
    store.now(),
  );
  await store.transaction((tx) => registerKey(tx, BOX, key, issued));
  const name = await handOut(gateway, FILE);
  const ask = async (change: Partial<FileRequest> = {}, signer = privateKey): Promise<number> => {
    const asked = { v: 1, ...BOX, sha256: name, at: timestamp(Date.now()), ...change } as const;
    const signed = signMessage(asked, signer, key);
    const credentials = Buffer.from(JSON.stringify(signed)).toString('base64url');
    const url = new URL(`/api/agents/files/${name}`, gateway.url);
    return (await fetch(url, { headers: { authorization: `Roadwatch ${credentials}` } })).status;
  };
  expect(await ask()).toBe(200);
  expect(await ask({ sha256: sha256('another') })).toBe(401);
  expect(await ask({ at: timestamp(Date.now() - 600_000) })).toBe(401);
  expect(await ask({ agent: 'edge-2' })).toBe(401);
  expect(await ask({}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)).toBe(401);
  await revokeAgent(store, BOX);
  expect(await ask()).toBe(401);
});
