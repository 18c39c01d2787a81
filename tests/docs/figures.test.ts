/** The README's figures are those that were measured. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { withFigures } from '../../bench/readme.ts';

const ROOT = resolve(import.meta.dirname, '../..');

test('the table of the README is what the files in bench-results say', () => {
  const text = readFileSync(resolve(ROOT, 'README.md'), 'utf8');
  expect(withFigures(text, resolve(ROOT, 'bench-results'))).toBe(text);
});
