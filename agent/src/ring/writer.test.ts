import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SegmentRing } from './segments.ts';
import { PACKET, type Packets, TransportStream } from './transport-stream.ts';
import { RingWriter } from './writer.ts';

/** One camera's ring, and what its files must hold. */
function camera(fill: number) {
  const dir = mkdtempSync(join(tmpdir(), 'roadwatch-writer-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const ring = new SegmentRing(dir, { seconds: 60, maxBytes: 64 * 2 ** 20 });
  ring.begin();
  const [written, expected] = [new TransportStream('H264'), new TransportStream('H264')];
  const bytes: Buffer[] = [];
  let onDisk = 0;
  let enough = Promise.withResolvers<void>();
  const writer = new RingWriter(ring, {
    onWritten: (length) => {
      onDisk += length;
      enough.resolve();
      enough = Promise.withResolvers();
    },
    onError: (error) => enough.reject(error),
  });
  const whole = ({ count, write }: Packets): void => {
    const out = Buffer.alloc(count * PACKET);
    write(out, 0, 0, count);
    bytes.push(out);
  };
  return {
    ring,
    writer,
    append(size: number, time: number): void {
      const picture = Buffer.alloc(size, fill);
      if (time === 0) {
        writer.append(written.tables());
        whole(expected.tables());
      }
      writer.append(written.picture(picture, time, time === 0));
      whole(expected.picture(picture, time, time === 0));
    },
    async settled(): Promise<Buffer> {
      const all = Buffer.concat(bytes);
      while (onDisk < all.length) await enough.promise;
      return all;
    },
  };
}

test('cameras that share the buffers of their rings each find their own pictures on disk, large ones in pieces', async () => {
  const cameras = [camera(0x11), camera(0x22), camera(0x33)];
  for (const [index, { ring }] of cameras.entries()) if (index === 1) ring.readAlong();
  for (let time = 0; time < 60; time++) {
    for (const [index, { append }] of cameras.entries())
      append(time % 20 === 0 ? 300_000 + 50_000 * index : 900 * ((time % 7) + 1), time * 3600);
    if (time % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const { ring, writer, settled } of cameras) {
    const all = await settled();
    expect(readFileSync(ring.open.file).equals(all)).toBe(true);
    await writer.close();
  }
});
