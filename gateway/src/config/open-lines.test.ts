import { pino } from 'pino';
import { expect, test } from 'vitest';
import { testConfig } from '../../testing/config.ts';
import { warnOfOpenLines } from './open-lines.ts';

test.each([
  [{}, []],
  [{ broker: { host: '::1' } }, []],
  [{ broker: { host: '0.0.0.0' } }, ['broker.host']],
  [{ broker: { host: '10.0.0.4' } }, ['broker.host']],
  [{ broker: { host: '10.0.0.4', tls: {} } }, []],
  [{ broker: { url: 'mqtt://127.0.0.1:1883' } }, []],
  [{ broker: { url: 'mqtts://broker.example.org:8884' } }, []],
  [{ broker: { url: 'mqtt://broker.example.org' } }, ['broker.url']],
  [{ broker: { url: 'ws://broker.example.org' } }, ['broker.url']],
  [{ http: { publicUrl: 'https://roads.example.org' } }, []],
  [{ http: { publicUrl: 'http://roads.example.org' } }, ['http.publicUrl']],
])('with %j, lines that others can read are told: %j', (settings, fields) => {
  const lines: { field: string; level: number }[] = [];
  warnOfOpenLines(testConfig(settings), pino({}, { write: (line) => lines.push(JSON.parse(line)) }));
  expect(lines.map(({ field }) => field)).toEqual(fields);
  for (const { level } of lines) expect(level).toBe(40);
});
