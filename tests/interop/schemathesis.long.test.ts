/**
 * Schemathesis calls every route by the gateway's own description, as nobody, by a session and by a token, with what the description
 * allows and what it does not, and holds each answer against it: its status, its type and its schema.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { type TestGateway, testGateway } from '../../gateway/testing/gateway.ts';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, 'schemathesis', '.venv', 'bin', 'schemathesis');
/** Left out on a machine without Python or a registry of its packages; CI has both. */
const IS_THERE = existsSync(PROGRAM);

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];
const EXAMPLES = 10;
/** One answers without an end; the others would end the session by which the rest is asked. */
const LEFT_OUT = ['hearEvents', 'logOut', 'changePassword', 'confirmSecondFactor'];

async function fieldOf(gateway: TestGateway): Promise<void> {
  const agent = await gateway.agent();
  for (let n = 0; n < 3; n++) await agent.report();
  await (await gateway.operator()).dispatch();
}

/** What does not conform, as Schemathesis tells it; empty when all does. */
async function problemsOf(gateway: TestGateway, headers: Readonly<Record<string, string>>): Promise<string> {
  const args = ['run', new URL('/docs/json', gateway.url).href, '--url', gateway.url.replace(/\/$/, '')];
  const options = [
    '--phases',
    'examples,coverage,fuzzing',
    '--max-examples',
    String(EXAMPLES),
    '--seed',
    '1',
  ];
  const quiet = ['--no-color', '--warnings', 'off', '--continue-on-failure', '--max-redirects', '0'];
  const left = LEFT_OUT.flatMap((name) => ['--exclude-operation-id', name]);
  const by = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const limits = ['--checks', CHECKS.join(','), '--request-timeout', '20'];
  const all = [...args, ...options, ...quiet, ...left, ...by, ...limits];
  // It keeps what it has found in the folder that it is started in.
  return run(PROGRAM, all, { cwd: gateway.config.dataDir, maxBuffer: 64 * 1024 * 1024 }).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  );
}

test.skipIf(!IS_THERE)('nobody gets an answer that the description does not have', async () => {
  const gateway = await testGateway({ open311: { enabled: true } });
  await fieldOf(gateway);
  expect(await problemsOf(gateway, {})).toBe('');
});

test.skipIf(!IS_THERE)('an admin gets no answer that the description does not have', async () => {
  const gateway = await testGateway({ open311: { enabled: true } });
  await fieldOf(gateway);
  const { headers } = await gateway.operator('admin', 'root');
  expect(await problemsOf(gateway, headers)).toBe('');
});

test.skipIf(!IS_THERE)(
  'a program with a token gets no answer that the description does not have',
  async () => {
    const gateway = await testGateway({ open311: { enabled: true } });
    await fieldOf(gateway);
    const admin = await gateway.operator('admin', 'root');
    const scopes = ['alerts:read', 'tickets:read', 'tickets:write', 'requests:write', 'export:read'];
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { token } = (await admin.post('/api/tokens', { name: 'tester', scopes, expiresAt })).body;
    expect(await problemsOf(gateway, { authorization: `Bearer ${token}` })).toBe('');
  },
);
