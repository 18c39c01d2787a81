/** A box that has been paired with a gateway as the commands do it, and what foreign programs say with its certificate. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Identity, readIdentity } from '../../../agent/src/identity/identity.ts';
import { pairBox } from '../../../agent/src/identity/pair.ts';
import { createPairing } from '../../../gateway/src/agents/pairing.ts';
import { openAuthority } from '../../../gateway/src/pki/authority.ts';
import type { TestGateway } from '../../../gateway/testing/gateway.ts';
import { temporaryFolder } from '../../support/temp.ts';

export interface PairedBox {
  readonly dataDir: string;
  readonly identity: Identity;
  /** Key and certificate. */
  readonly pem: string;
  readonly authorityFile: string;
}

export async function codeFor(gateway: TestGateway, site = 'site', agent = 'box'): Promise<string> {
  const { dataDir, authority } = gateway.config;
  const { fingerprint } = await openAuthority(dataDir, authority, Date.now());
  const url = gateway.url.replace(/\/$/, '');
  const at = { gateway: url, authority: fingerprint };
  return (await createPairing(await gateway.store(), { site, agent }, at)).code;
}

export async function pairedBox(
  gateway: TestGateway,
  site = 'site',
  agent = 'box',
  folder?: string,
): Promise<PairedBox> {
  const dataDir = join(folder ?? (await temporaryFolder()), 'data');
  await pairBox({ site, agent, dataDir }, await codeFor(gateway, site, agent));
  const authorityFile = join(dataDir, 'authority.pem');
  const identity = readIdentity(dataDir) as Identity;
  await writeFile(authorityFile, identity.authority);
  return { dataDir, identity, pem: join(dataDir, 'identity', 'box.pem'), authorityFile };
}

export interface Said {
  readonly code: number;
  readonly text: string;
}

/** Both of its streams, whatever its end; ended after ten seconds. */
export function runProgram(program: string, args: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile(program, [...args], { timeout: 10_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 255;
      resolve({ code, text: stdout + stderr });
    });
    child.stdin?.end();
  });
}

export interface Publishing {
  readonly url: string;
  readonly id: string;
  readonly topic: string;
  readonly message?: string;
  readonly login?: readonly string[];
}

/** `mosquitto_pub`, with what it needs to log in. */
export function mosquittoPub({ url, id, topic, message = 'x', login = [] }: Publishing): Promise<Said> {
  const { hostname, port } = new URL(url);
  const to = ['-h', hostname, '-p', port, '-i', id, '-V', '311', '-q', '1'];
  return runProgram('mosquitto_pub', [...to, '-t', topic, '-m', message, ...login]);
}

export function certificateLogin({ pem, authorityFile }: Pick<PairedBox, 'pem' | 'authorityFile'>): string[] {
  return ['--cafile', authorityFile, '--cert', pem, '--key', pem];
}

/** The one that the box has now. */
export function certificateOf({ dataDir }: PairedBox): string | undefined {
  return readIdentity(dataDir)?.certificate;
}
