import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { systemCode } from './system-code.ts';

test('an error of the system has the name that the system gives it, also where Node knows none', () => {
  const quota = Object.assign(new Error('Unknown system error -122: write'), {
    errno: -122,
    code: 'Unknown system error -122',
  });
  expect(systemCode(quota)).toBe('EDQUOT');
  try {
    readFileSync('/nowhere/at/all');
  } catch (error) {
    expect(systemCode(error)).toBe('ENOENT');
  }
  expect([null, 'text', new Error('another')].map(systemCode)).toEqual([null, null, null]);
});
