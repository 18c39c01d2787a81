import { type Release, sha256 } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { fileFor } from './package-update.ts';

const release = (...names: readonly string[]): Release => ({
  v: 1,
  kind: 'agent',
  name: 'roadwatch-agent',
  version: '0.2.0',
  files: names.map((name) => ({ name, bytes: 1, sha256: sha256(name) })),
});
const ALL = release(
  'roadwatch-agent_0.2.0_amd64.deb',
  'roadwatch-agent_0.2.0_arm64.deb',
  'roadwatch-agent-0.2.0-linux-x64.tar.gz',
  'roadwatch-agent-0.2.0-linux-arm64.tar.gz',
);

test.each([
  ['deb', 'x64', 'roadwatch-agent_0.2.0_amd64.deb'],
  ['deb', 'arm64', 'roadwatch-agent_0.2.0_arm64.deb'],
  ['tar.gz', 'x64', 'roadwatch-agent-0.2.0-linux-x64.tar.gz'],
  ['tar.gz', 'arm64', 'roadwatch-agent-0.2.0-linux-arm64.tar.gz'],
] as const)('of all packages a box that takes .%s on %s fetches its own', (form, machine, name) => {
  expect(fileFor(ALL, form, machine).name).toBe(name);
});

test('a machine for which there is none is told so', () => {
  expect(() => fileFor(ALL, 'deb', 'riscv64')).toThrow(
    '0 of them are for this machine (riscv64, .deb); expected one',
  );
});
