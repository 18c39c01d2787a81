import { pino } from 'pino';
import { expect, test } from 'vitest';
import { warnOfOpenLines } from './open-line.ts';

test.each([
  [{ 'mqtt.url': 'mqtt://127.0.0.1' }, []],
  [{ 'mqtt.url': 'mqtts://10.0.0.2', 'gateway.url': undefined }, []],
  [{ 'mqtt.url': 'mqtt://10.0.0.2' }, ['mqtt.url']],
  [{ 'mqtt.url': 'ws://user:S3cret@broker.example.org/mqtt' }, ['mqtt.url']],
  [{ 'mqtt.url': 'mqtts://10.0.0.2', 'gateway.url': 'http://10.0.0.2' }, ['gateway.url']],
])('of %j these can be read by others, and are warned of: %j', (addresses, fields) => {
  const lines: string[] = [];
  warnOfOpenLines(addresses, pino({}, { write: (line) => void lines.push(line) }));
  expect(lines.map((line) => JSON.parse(line)).map(({ level, field }) => [level, field])).toEqual(
    fields.map((field) => [40, field]),
  );
  expect(lines.join('')).not.toContain('S3cret');
});
