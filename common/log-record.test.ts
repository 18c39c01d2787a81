import { SeverityNumber } from '@opentelemetry/api-logs';
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import { ATTR_SERVICE_INSTANCE_ID } from '@opentelemetry/semantic-conventions/incubating';
import { type Logger, pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { logRecordOptions, thrown } from './log-record.ts';

const SERVICE = { name: 'roadwatch-agent', version: '1.2.3', instance: 'site/box' };

function lineOf(write: (log: Logger) => void): Record<string, unknown> {
  const lines: string[] = [];
  const log = pino(
    { level: 'trace', ...logRecordOptions(SERVICE) },
    { write: (line: string) => void lines.push(line) },
  );
  write(log);
  return JSON.parse(lines.join(''));
}

test.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)(
  'a line of level %s has the severity that OpenTelemetry numbers so, and its plain fields',
  (level) => {
    const text = level.toUpperCase() as Uppercase<typeof level>;
    const line = lineOf((log) => log.child({ camera: 'camera-1' })[level]({ reason: 'dark' }, 'said'));
    expect(line).toEqual({
      level: pino.levels.values[level],
      SeverityText: text,
      SeverityNumber: SeverityNumber[text],
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      [ATTR_SERVICE_NAME]: 'roadwatch-agent',
      [ATTR_SERVICE_VERSION]: '1.2.3',
      [ATTR_SERVICE_INSTANCE_ID]: 'site/box',
      camera: 'camera-1',
      reason: 'dark',
      msg: 'said',
    });
  },
);

describe('an exception is told by the semantic conventions', () => {
  class ModelLost extends Error {}

  test('with its class, its words, the places in the program, and what caused it', () => {
    const cause = new RangeError('no such slot');
    const line = lineOf((log) => log.error(thrown(new ModelLost('no answer', { cause })), 'lost'));
    expect(line).toMatchObject({
      reason: 'no answer',
      [ATTR_EXCEPTION_TYPE]: 'ModelLost',
      [ATTR_EXCEPTION_MESSAGE]: 'no answer',
    });
    const stack = String(line[ATTR_EXCEPTION_STACKTRACE]);
    expect(stack).toMatch(/log-record\.test\.ts:\d+:\d+/);
    expect(stack).toContain('Caused by: RangeError: no such slot');
  });

  test('without what opens something', () => {
    const cause = new Error('401 for rtsp://h/x?user=admin&password=hunter2');
    const error = new TypeError('rtsp://admin:hunter2@10.0.0.5/main refused, password=hunter2', { cause });
    expect(JSON.stringify(thrown(error))).not.toMatch(/hunter2|admin/);
    expect(thrown(error)[ATTR_EXCEPTION_MESSAGE]).toBe('rtsp://10.0.0.5/main refused, password=…');
  });

  test('in a bounded line, also one that caused itself', () => {
    const error = new Error('x'.repeat(1e6));
    error.cause = error;
    expect(JSON.stringify(thrown(error)).length).toBeLessThan(16 * 1024);
  });

  test('what is thrown and is no error has its type and its text', () => {
    expect(thrown('no')).toEqual({
      reason: 'no',
      [ATTR_EXCEPTION_TYPE]: 'string',
      [ATTR_EXCEPTION_MESSAGE]: 'no',
    });
  });
});
