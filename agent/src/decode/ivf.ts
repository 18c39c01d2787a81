/**
 * Single pictures for ffmpeg, each told with its length and a number: the IVF container, as libvpx's `ivfdec.c` reads it and ffmpeg's
 * demuxer takes for any codec.
 */
import type { PictureCodec } from '../frame/codec.ts';

const FILE_HEADER = 32;
const FRAME_HEADER = 12;

/** One tick is one second, so that ffmpeg tells of each picture the number that it was given. */
export function ivfHeader(codec: PictureCodec): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  header.write('DKIF', 0, 'latin1');
  header.writeUInt16LE(FILE_HEADER, 6);
  header.write(codec, 8, 'latin1');
  // Any size: the pictures tell their own.
  header.writeUInt16LE(64, 12);
  header.writeUInt16LE(64, 14);
  header.writeUInt32LE(1, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

export function ivfFrameHeader(bytes: number, number: number): Buffer {
  const header = Buffer.alloc(FRAME_HEADER);
  header.writeUInt32LE(bytes, 0);
  header.writeUInt32LE(number, 4);
  return header;
}
