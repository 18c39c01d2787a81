/** Packets as ffmpeg makes them of a stream, put together again here: what comes out is what went in. */
import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../../tests/support/temp.ts';
import type { PictureCodec } from '../../frame/codec.ts';
import { PACKET, type Packets, TransportStream } from '../../ring/transport-stream.ts';
import { type AccessUnit, AccessUnits } from './access-units.ts';
import { InterleavedFrames, parseRtp, type RtpPacket } from './packet.ts';

const run = promisify(execFile);
const FPS = 25;
const FRAMES = 60;
const CLOCK = 90_000;

interface Stream {
  readonly file: string;
  readonly packets: readonly Buffer[];
  /** The `fmtp` attribute of ffmpeg's own description. */
  readonly parameters: string;
}

/** What ffmpeg encodes, and how it sends that by RTP. */
async function sent(codec: PictureCodec, encoder: readonly string[]): Promise<Stream> {
  const folder = await temporaryFolder();
  const file = join(folder, codec === 'H264' ? 'stream.h264' : 'stream.h265');
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=640x360:r=${FPS}`, '-frames:v', String(FRAMES)];
  await run('ffmpeg', ['-v', 'error', ...source, ...encoder, '-bsf:v', 'dump_extra', file]);
  const udp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(udp, 'listening');
  udp.setRecvBufferSize(4 * 2 ** 20);
  const packets: Buffer[] = [];
  udp.on('message', (packet) => packets.push(packet));
  const sdp = join(folder, 'stream.sdp');
  const target = `rtp://127.0.0.1:${udp.address().port}?pkt_size=1200`;
  const sender = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-readrate', '10', '-r', String(FPS), '-i', file, '-c', 'copy', '-f', 'rtp'],
      ...['-sdp_file', sdp, target],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  await once(sender, 'close');
  // The last of them is read after the sender has gone.
  await new Promise((resolve) => setImmediate(resolve));
  udp.close();
  const parameters = /a=fmtp:\d+ (.*)/.exec(await readFile(sdp, 'utf8'))?.[1]?.trim() ?? '';
  return { file, packets, parameters };
}

function picturesOf(
  codec: PictureCodec,
  parameters: string,
  packets: readonly RtpPacket[],
  maxBytes = 2 ** 22,
): { readonly pictures: readonly AccessUnit[]; readonly unfit: readonly string[] } {
  const pictures: AccessUnit[] = [];
  const unfit: string[] = [];
  const units = new AccessUnits(codec, parameters, maxBytes, {
    onPicture: (picture) => pictures.push({ ...picture, bytes: Buffer.from(picture.bytes) }),
    onUnfit: (reason) => unfit.push(reason),
  });
  for (const packet of packets) units.push(packet);
  return { pictures, unfit };
}

/** The checksum of each picture that a decoder makes of a file. */
async function decoded(file: string): Promise<readonly string[]> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', file, '-f', 'framemd5', '-']);
  return stdout
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
}

async function timesIn(file: string): Promise<readonly number[]> {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts,flags', '-of', 'csv=p=0', file],
  ]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => Number.parseInt(line, 10))
    .filter((time) => !Number.isNaN(time));
}

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '20', '-pix_fmt', 'yuv420p'];
const x265 = [
  '-c:v',
  'libx265',
  '-preset',
  'ultrafast',
  '-x265-params',
  'log-level=none:bframes=0:keyint=20',
];
const streams: readonly [string, PictureCodec, readonly string[]][] = [
  ['H.264', 'H264', x264],
  ['H.264 in slices', 'H264', [...x264, '-slices', '4']],
  ['H.265', 'H265', [...x265, '-pix_fmt', 'yuv420p']],
];

test.each(streams)(
  '%s by RTP, whole or in pieces, becomes the pictures that were sent, in a stream that other programs read',
  async (_, codec, encoder) => {
    const { file, packets, parameters } = await sent(codec, encoder);
    const received: RtpPacket[] = [];
    const frames = new InterleavedFrames((channel, bytes) => {
      expect(channel).toBe(0);
      received.push(parseRtp(Buffer.from(bytes)) as RtpPacket);
    });
    // As a connection gives them: cut anywhere, in the length and the header, too.
    const line = Buffer.concat(
      packets.map((packet) => {
        const head = Buffer.from([0x24, 0, 0, 0]);
        head.writeUInt16BE(packet.length, 2);
        return Buffer.concat([head, packet]);
      }),
    );
    for (let at = 0, size = 1; at < line.length; at += size, size = (size * 7 + 3) % 4_001)
      frames.push(line.subarray(at, at + size));
    const { pictures, unfit } = picturesOf(codec, parameters, received);
    expect(unfit).toEqual([]);
    expect(pictures).toHaveLength(FRAMES);
    expect(pictures.every(({ isWhole }) => isWhole)).toBe(true);
    expect(pictures.flatMap(({ isKeyframe }, index) => (isKeyframe ? [index] : []))).toEqual([0, 20, 40]);
    const stream = new TransportStream(codec);
    const pieces: Buffer[] = [];
    const append = ({ count, write }: Packets): void => {
      // As many at a time as there may be room for.
      for (let first = 0, room = 1; first < count; first += room, room = (room * 5) % 23) {
        const piece = Buffer.alloc(Math.min(room, count - first) * PACKET);
        write(piece, 0, first, piece.length / PACKET);
        pieces.push(piece);
      }
    };
    append(stream.tables());
    for (const [index, { bytes, isKeyframe }] of pictures.entries())
      append(stream.picture(bytes, (index * CLOCK) / FPS + CLOCK, isKeyframe));
    const written = `${file}.ts`;
    await writeFile(written, Buffer.concat(pieces));
    expect(await decoded(written)).toEqual(await decoded(file));
    expect(await timesIn(written)).toEqual(
      Array.from({ length: FRAMES }, (_, index) => (index * CLOCK) / FPS + CLOCK),
    );
  },
);

test('a keyframe whose camera tells the parameter sets in its description only can be decoded by itself', async () => {
  const { file, packets, parameters } = await sent('H264', x264);
  const received = packets.map((packet) => parseRtp(packet) as RtpPacket);
  const isSet = ({ payload }: RtpPacket): boolean => [7, 8].includes((payload[0] ?? 0) & 0x1f);
  const { pictures } = picturesOf(
    'H264',
    parameters,
    received.filter((packet) => !isSet(packet)),
  );
  const keyframe = pictures.filter(({ isKeyframe }) => isKeyframe)[1] as AccessUnit;
  await writeFile(`${file}.key.h264`, keyframe.bytes);
  expect(await decoded(`${file}.key.h264`)).toEqual([(await decoded(file))[20]]);
});

test('a lost packet spoils the picture that it belongs to, and no other', async () => {
  const { packets, parameters } = await sent('H264', x264);
  const received = packets.map((packet) => parseRtp(packet) as RtpPacket);
  const key = received.findIndex(({ payload }) => ((payload[0] ?? 0) & 0x1f) === 28);
  const { pictures } = picturesOf('H264', parameters, received.toSpliced(key + 1, 1));
  expect(pictures.map(({ isWhole }) => isWhole).indexOf(false)).toBe(0);
  expect(pictures.filter(({ isWhole }) => !isWhole)).toHaveLength(1);
});

test('a picture larger than may be, and packets in an order of their own, are said once and never kept', async () => {
  const { packets, parameters } = await sent('H264', x264);
  const received = packets.map((packet) => parseRtp(packet) as RtpPacket);
  expect(picturesOf('H264', parameters, received, 5_000)).toEqual({ pictures: [], unfit: ['size'] });
  const mixed = { ...(received[0] as RtpPacket), payload: Buffer.from([29, 0x85, 0, 0, 1]) };
  expect(picturesOf('H264', parameters, [mixed, mixed]).unfit).toEqual(['packing']);
});

test('what is no packet, or ends before it says, is none', () => {
  const packet = Buffer.from([0x80, 0xe0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x65, 1]);
  expect(parseRtp(packet)).toMatchObject({ payloadType: 96, marker: true, sequence: 1, timestamp: 2 });
  const changed = (at: number, value: number): Buffer =>
    Buffer.from(packet.map((byte, i) => (i === at ? value : byte)));
  // Version 1; three sources that are not there; an extension that is not there; all of it padding.
  for (const wrong of [
    changed(0, 0x40),
    changed(0, 0x83),
    changed(0, 0x90),
    Buffer.from([...changed(0, 0xa0), 9]),
  ])
    expect(parseRtp(wrong)).toBeNull();
  expect(parseRtp(packet.subarray(0, 11))).toBeNull();
});
