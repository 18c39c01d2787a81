/** What a person hears of each mistake in the settings: all at once, each with its field, its line, what stood there and what may. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const folder = fileURLToPath(new URL('../../testing/mistakes', import.meta.url));
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -5)] : []));

/** Every line that is said, without the name of the file. */
function said(file: string): string {
  try {
    const { cameraProblems } = readConfig(file, {});
    return cameraProblems.join('\n');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replaceAll(`${file}: `, '').replaceAll(`${folder}/`, '');
  }
}

test.each(names)('%s', (name) => {
  const expected = readFileSync(join(folder, `${name}.said`), 'utf8').trimEnd();
  const lines = said(join(folder, `${name}.yaml`));
  expect(lines).toBe(expected);
  expect(lines).not.toBe('');
  expect(lines).not.toMatch(/S3|\bcret\b|87654321/);
});

test.each([
  ['five megabytes', `# ${'x'.repeat(5 * 2 ** 20)}`, 'is larger than 1048576 bytes'],
  ['a zero byte', 'site: a\nagent: \0', 'not valid YAML: line 2: holds a zero byte'],
  ['UTF-16', Buffer.from('\ufeffsite: a', 'utf16le'), 'is in UTF-16; save it as UTF-8'],
  [
    'GBK',
    Buffer.concat([Buffer.from('site: a\nagent: '), Buffer.from([0xb1, 0xb1])]),
    'line 2: is not UTF-8 (GBK or another encoding?); save it as UTF-8',
  ],
])('%s', (_, content, expected) => {
  const temporary = mkdtempSync(join(tmpdir(), 'roadwatch-mistakes-'));
  onTestFinished(() => rmSync(temporary, { recursive: true }));
  const file = join(temporary, 'agent.yaml');
  writeFileSync(file, content);
  expect(said(file)).toBe(expected);
});
