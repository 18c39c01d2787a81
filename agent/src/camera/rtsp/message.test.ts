import { expect, test } from 'vitest';
import { ProtocolError, RtspScanner } from './message.ts';

interface Seen {
  readonly messages: string[];
  readonly frames: Buffer;
  readonly heads: number[];
}

function scanned(chunks: readonly Buffer[], passes: (index: number) => boolean = () => true): Seen {
  const messages: string[] = [];
  const pieces: Buffer[] = [];
  const heads: number[] = [];
  const scanner = new RtspScanner({
    onMessage: ({ startLine, headers, body }) =>
      messages.push(
        `${startLine}|${[...headers].map(([name, values]) => `${name}=${values.join('+')}`)}|${body}`,
      ),
    onFrames: (bytes) => pieces.push(Buffer.from(bytes)),
    onFrame: (bytes, at) => {
      heads.push(bytes.readUInt16BE(at + 2));
      return passes(heads.length - 1);
    },
  });
  for (const chunk of chunks) scanner.push(chunk);
  return { messages, frames: Buffer.concat(pieces), heads };
}

function frame(length: number, fill: number): Buffer {
  const bytes = Buffer.alloc(4 + length, fill);
  bytes[0] = 0x24;
  bytes[1] = 0;
  bytes.writeUInt16BE(length, 2);
  return bytes;
}

const ANSWER =
  'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: A x=1\r\nwww-authenticate: B\r\n\r\n';
const WITH_BODY = 'RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Length: 5\r\n\r\nv=0\r\n';
/** Frames that look like messages inside, and messages that hold a dollar sign. */
const FRAMES = [frame(1_400, 0x52), frame(0, 0), frame(60, 0x24), frame(3, 0x0d)];
const STREAM = Buffer.concat([
  Buffer.from(ANSWER + WITH_BODY),
  ...FRAMES.slice(0, 2),
  Buffer.from(`\r\n${ANSWER.replace('A x=1', 'A x="$"')}`),
  ...FRAMES.slice(2),
]);

test.each([1, 2, 3, 5, 7, 61, 1_399, 100_000])(
  'messages and frames are told apart however the bytes are cut (%i at a time)',
  (size) => {
    const chunks = Array.from({ length: Math.ceil(STREAM.length / size) }, (_, index) =>
      STREAM.subarray(index * size, (index + 1) * size),
    );
    const { messages, frames, heads } = scanned(chunks);
    expect(messages).toEqual([
      'RTSP/1.0 401 Unauthorized|cseq=2,www-authenticate=A x=1+B|',
      'RTSP/1.0 200 OK|cseq=3,content-length=5|v=0\r\n',
      'RTSP/1.0 401 Unauthorized|cseq=2,www-authenticate=A x="$"+B|',
    ]);
    expect(frames.equals(Buffer.concat(FRAMES))).toBe(true);
    expect(heads).toEqual([1_400, 0, 60, 3]);
  },
);

test.each([1, 50, 100_000])('frames are held back one by one (%i bytes at a time)', (size) => {
  const all = Buffer.concat(FRAMES);
  const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.subarray(index * size, (index + 1) * size),
  );
  const { frames, heads } = scanned(chunks, (index) => index === 1 || index === 2);
  expect(frames.equals(Buffer.concat(FRAMES.slice(1, 3)))).toBe(true);
  expect(heads).toHaveLength(4);
});

test('bytes that are lost between frames cost those frames, not the stream', () => {
  const { frames } = scanned([FRAMES[0] as Buffer, Buffer.from([1, 2, 3]), FRAMES[2] as Buffer]);
  expect(frames.equals(Buffer.concat([FRAMES[0] as Buffer, FRAMES[2] as Buffer]))).toBe(true);
});

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['a web server', 'HTTP/1.1 400 Bad Request\r\n'],
  ['bytes of no protocol', '\x00\x01\x02'],
  ['a line without end', 'RTSP/1.0 200 '.padEnd(5_000, 'x')],
  ['a header without end', `RTSP/1.0 200 OK\r\n${'X-A: aaaaaaaaaaaaaaaa\r\n'.repeat(2_000)}`],
  ['a body without end', 'RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n'],
  ['a body of less than nothing', 'RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n'],
])('%s is refused before much of it is kept', (_, text) => {
  expect(() => scanned([Buffer.from(text, 'latin1')])).toThrow(ProtocolError);
});
