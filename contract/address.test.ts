import { expect, test } from 'vitest';
import { isOpenToOthers } from './address.ts';

test.each([
  ['mqtt://127.0.0.1:1883', false],
  ['mqtt://127.9.9.9', false],
  ['mqtt://localhost', false],
  ['ws://[::1]:9001', false],
  ['mqtts://broker.example.org', false],
  ['wss://broker.example.org', false],
  ['mqtt://broker.example.org', true],
  ['ws://10.0.0.2', true],
  ['mqtt://0.0.0.0:1883', true],
  ['mqtt://127.0.0.1.example.org', true],
  ['http://[2001:db8::1]', true],
])('what goes to %s can be read on its way: %s', (url, open) => {
  expect(isOpenToOthers(url)).toBe(open);
});
