import { describe, expect, test } from 'vitest';
import { redactText, showUrl } from './redact.ts';
import { Secret } from './settings/secret.ts';

describe('an address is shown without what opens something', () => {
  test.each([
    ['a login', 'rtsp://admin:S3cret@10.0.0.5:554/main', 'rtsp://10.0.0.5:554/main'],
    [
      'a login in the query',
      'rtsp://h/cam/realmonitor?user=admin&password=S3cret',
      'rtsp://h/cam/realmonitor?…',
    ],
    ['a login in the path', 'rtsp://h/user=admin&password=S3cret&channel=1', 'rtsp://h/…'],
    ['one of Xiongmai', 'rtsp://h/user=a_password=S3cret_channel=1_stream=0.sdp?real', 'rtsp://h/…?…'],
    ['a login with a slash in the path', 'rtsp://h/user=a&password=x/S3cret&channel=1', 'rtsp://h/…'],
    ['a key in the path', 'rtsp://h/auth=S3cret/ch0', 'rtsp://h/…'],
    ['a path that is the key', 'rtsp://h:7447/kPq3dIgkAAAA9zQe', 'rtsp://h:7447/…'],
    ['a hook', 'https://h/bot/v2/hook/1b2c3d4e-1111-2222-3333-444455556666', 'https://h/bot/v2/hook/…'],
    ['a hook in capitals', 'https://h/services/T0/B0/XXXXXXXXXXXXXXXXXXXXXXXX', 'https://h/services/T0/B0/…'],
    ['a password with /', 'rtsp://admin:S3/cret@h/x', 'rtsp://h/x'],
    ['a password with ?', 'rtsp://admin:S3?cret@h/x', 'rtsp://h/x'],
    ['a password with #', 'rtsp://admin:S3#cret@h/x', 'rtsp://h/x'],
    ['a password with @', 'rtsp://admin:S3@cret@h/x', 'rtsp://h/x'],
    ['a password and no host', 'rtsp://admin:S3cret', 'rtsp://…'],
    ['no scheme', 'mqtts//user:S3cret@h', '…'],
    ['IPv6', 'rtsp://[fe80::1]:554/main', 'rtsp://[fe80::1]:554/main'],
    ['a path with digits', 'rtsp://h/h264Preview_01_main', 'rtsp://h/h264Preview_01_main'],
    ['a path of Hikvision', 'rtsp://h/Streaming/Channels/101', 'rtsp://h/Streaming/Channels/101'],
  ])('%s', (_, address, shown) => {
    expect(showUrl(address)).toBe(shown);
  });
});

describe('a text of another program loses what opens something', () => {
  test.each([
    ['rtsp://admin:hunter2@10.0.0.5/stream', 'rtsp://10.0.0.5/stream'],
    [
      '[rtsp @ 0x55] rtsp://admin:p%40ss@cam.example:554/1: Unauthorized',
      '[rtsp @ 0x55] rtsp://cam.example:554/1: Unauthorized',
    ],
    ['mqtts://box:s3cret@broker:8883 refused; rtsp://a:other@b/', 'mqtts://broker:8883 refused; rtsp://b/'],
    ["Failed to parse 'http://u:it's@h/x'", "Failed to parse 'http://h/x'"],
    ['401 for rtsp://h/x?user=admin&password=S3cret', '401 for rtsp://h/x?…'],
    ['no user with password=S3cret', 'no user with password=…'],
    ['sent Authorization: Basic YWRtaW46cGFzcw==', 'sent Authorization: Basic …'],
    ['rtsp://10.0.0.5:554/stream: Connection refused', 'rtsp://10.0.0.5:554/stream: Connection refused'],
    ['connect ECONNREFUSED 127.0.0.1:80', 'connect ECONNREFUSED 127.0.0.1:80'],
  ])('%s', (text, told) => {
    expect(redactText(text)).toBe(told);
  });

  test('also what it could not know, in each spelling', () => {
    const secret = new Secret('key of/the city');
    const text = `bad key key of/the city (key%20of%2Fthe%20city, ${btoa('key of/the city')})`;
    expect(redactText(text, [secret])).toBe('bad key … (…, …)');
  });

  test('also one that begins with another', () => {
    const secrets = ['summer24', 'summer24-north'].map((text) => new Secret(text));
    expect(redactText('refused: summer24-north, summer24', secrets)).toBe('refused: …, …');
  });

  test('also in a text that is one long word', () => {
    const word = 'x'.repeat(1e6);
    expect(redactText(`${word} rtsp://a:S3cret@h/`)).toBe(`${word} rtsp://h/`);
  });
});
