import { describe, expect, test } from 'vitest';
import { randomFrom } from '../street/noise.ts';
import { MAX_HEADER_BYTES, type RtspInput, RtspReader } from './request.ts';

const options = 'OPTIONS rtsp://h/cam RTSP/1.0\r\nCSeq: 1\r\n\r\n';

function read(...chunks: (string | Buffer)[]): RtspInput[] {
  const reader = new RtspReader();
  return chunks.flatMap((chunk) => reader.push(Buffer.from(chunk as string, 'latin1')));
}

describe('reading RTSP from a connection', () => {
  test('a request is understood however it is cut into pieces', () => {
    const whole = read(options);
    expect(whole).toMatchObject([{ kind: 'request', method: 'OPTIONS', uri: 'rtsp://h/cam' }]);
    expect(read(...options)).toEqual(whole);
  });

  test('a request whose lines end with LF alone is understood', () => {
    const bare = read(options.replaceAll('\r\n', '\n'), options);
    expect(bare).toEqual(read(options, options));
    const body = read('GET_PARAMETER * RTSP/1.0\nCSeq: 2\nContent-Length: 3\n\nabc', options);
    expect(body).toMatchObject([{ body: Buffer.from('abc') }, { method: 'OPTIONS' }]);
  });

  test('requests sent in one go are answered one by one, with frames between them', () => {
    const inputs = read(`${options}$\x01\x00\x02ab${options}`);
    expect(inputs.map(({ kind }) => kind)).toEqual(['request', 'interleaved', 'request']);
    expect(inputs[1]).toMatchObject({ channel: 1, payload: Buffer.from('ab') });
  });

  test('a body belongs to its request', () => {
    const inputs = read('GET_PARAMETER * RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 3\r\n\r\nabc', options);
    expect(inputs).toMatchObject([{ body: Buffer.from('abc') }, { method: 'OPTIONS' }]);
  });

  test.each([
    ['HTTP', 'GET / HTTP/1.1\r\nHost: h\r\n\r\n', 400],
    ['bytes that begin no method', '\x00\x01\x02\x03', 400],
    ['another version', 'OPTIONS * RTSP/2.0\r\nCSeq: 1\r\n\r\n', 505],
    ['a header without a name', 'OPTIONS * RTSP/1.0\r\n: 1\r\n\r\n', 400],
    ['a length that is no number', 'OPTIONS * RTSP/1.0\r\nContent-Length: -1\r\n\r\n', 400],
    ['a body beyond all bounds', 'OPTIONS * RTSP/1.0\r\nContent-Length: 999999999\r\n\r\n', 413],
    ['a header without end', `OPTIONS * RTSP/1.0\r\nX: ${'x'.repeat(MAX_HEADER_BYTES)}`, 413],
    ['too many headers', `OPTIONS * RTSP/1.0\r\n${'A: b\r\n'.repeat(101)}\r\n`, 413],
  ])('%s is refused with a status', (_, text, status) => {
    const inputs = read(text, options);
    expect(inputs).toMatchObject([{ kind: 'bad', status }]);
  });

  test('no input makes it throw or hold more than its bounds', () => {
    const random = randomFrom(4);
    const pieces = [
      options,
      '\r\n',
      '$',
      'RTSP/1.0',
      'CSeq:',
      ' ',
      'PLAY',
      '\x00\xff',
      'Content-Length: 7\r\n',
    ];
    for (let round = 0; round < 3000; round++) {
      const reader = new RtspReader();
      let bad = 0;
      for (let i = 0; i < 12; i++) {
        const noise = Buffer.from(Array.from({ length: 9 }, () => Math.floor(random() * 256)));
        const piece =
          random() < 0.3 ? noise : Buffer.from(pieces[Math.floor(random() * pieces.length)] ?? '', 'latin1');
        bad += reader.push(piece).filter(({ kind }) => kind === 'bad').length;
      }
      expect(bad).toBeLessThanOrEqual(1);
    }
  });
});
