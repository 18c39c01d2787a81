import { expect, test } from 'vitest';
import { redactText } from './redact.ts';

test.each([
  ['rtsp://admin:hunter2@10.0.0.5/stream', 'hunter2'],
  ['[rtsp @ 0x55] rtsp://admin:p%40ss@cam.example:554/1: Unauthorized', 'p%40ss'],
  ['mqtts://box:s3cret@broker:8883 refused; rtsp://a:other@b/', 's3cret'],
])('%s is told without its password', (text, secret) => {
  const told = redactText(text);
  expect(told).not.toContain(secret);
  expect(told).not.toContain('other@');
});

test('what holds no password is told as it is', () => {
  expect(redactText('rtsp://10.0.0.5:554/stream: Connection refused')).toBe(
    'rtsp://10.0.0.5:554/stream: Connection refused',
  );
});
