import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, onTestFinished, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { call } from '../../testing/operator.ts';

const run = promisify(execFile);
const TSC = fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url));
const CLIENT = fileURLToPath(import.meta.resolve('openapi-fetch'));

/** As somebody writes it who knows no more of the gateway than what it says of itself. */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './gateway.ts';

export async function confirmNewest(baseUrl: string): Promise<string> {
  const gateway = createClient<paths>({ baseUrl });
  const { data, error } = await gateway.GET('/api/alerts', { params: { query: { state: 'new' } } });
  // An address that is too long is answered in plain text.
  if (typeof error === 'string') return error;
  if (error !== undefined) return error.code === 'role_forbidden' ? 'not mine' : error.detail;
  const [alert] = data.items;
  if (alert === undefined) return data.next ?? 'nothing';
  const [x, , width] = alert.box;
  const { data: ticket } = await gateway.POST('/api/alerts/{id}/confirm', {
    params: { path: { id: alert.id } },
    body: { note: \`\${alert.damageClass} at \${x + width / 2}\` },
  });
  return ticket?.number ?? 'refused';
}
`;

/** What TypeScript has to say against a program with the generated types. */
async function problemsOf(folder: string, program: string): Promise<string> {
  writeFileSync(join(folder, 'program.ts'), program);
  const options = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'preserve', '--skipLibCheck'];
  const more = ['--allowImportingTsExtensions', '--lib', 'es2024,dom,dom.iterable', '--types', ''];
  const files = [join(folder, 'program.ts'), ...options, ...more];
  return run(TSC, files, { cwd: folder }).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  );
}

test('a client that is generated from the description compiles, and knows every field of every answer', async () => {
  const gateway = await testGateway({ open311: { enabled: true } });
  const { body } = await call(gateway.url, 'GET', '/docs/json');
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-client-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'gateway.ts'), astToString(await openapiTS(body)));
  const program = PROGRAM.replace("'openapi-fetch'", JSON.stringify(CLIENT));
  expect(await problemsOf(folder, program)).toBe('');
  for (const [right, wrong] of [
    ['alert.damageClass', 'alert.damage'],
    ["state: 'new'", "state: 'fresh'"],
    ["'role_forbidden'", "'no_such_code'"],
    ['ticket?.number', 'ticket?.nummer'],
  ] as const)
    expect(await problemsOf(folder, program.replace(right, wrong))).toContain('program.ts');
});
