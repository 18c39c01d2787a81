/** ffmpeg as what is behind a camera's RTP: its packets, as it sends them, inside an RTSP connection. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** Plays a picture for as long as the connection lasts. `encoder`: ffmpeg's options for the codec; `skip`: packets left out at first. */
export async function playInto(
  socket: Socket,
  picture: string,
  encoder: readonly string[],
  skip: (payload: Buffer, sinceMs: number) => boolean = () => false,
): Promise<void> {
  const udp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const input = ['-re', '-loop', '1', '-framerate', '10', '-i', picture];
  const target = `rtp://127.0.0.1:${udp.address().port}?pkt_size=1400`;
  const child = spawn('ffmpeg', ['-v', 'error', '-nostdin', ...input, ...encoder, '-f', 'rtp', target], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const startedAt = performance.now();
  udp.on('message', (packet) => {
    if (socket.destroyed || skip(packet.subarray(12), performance.now() - startedAt)) return;
    const head = Buffer.from([0x24, 0, 0, 0]);
    head.writeUInt16BE(packet.length, 2);
    socket.write(Buffer.concat([head, packet]));
  });
  socket.once('close', () => {
    child.kill('SIGKILL');
    udp.close();
  });
}

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'];

/** One keyframe at the beginning, and no other. */
export const ENDLESS_GOP = [...X264, '-x264-params', 'keyint=infinite:scenecut=0:repeat-headers=1'];
export const GOP_OF_2_S = [...X264, '-x264-params', 'keyint=20:scenecut=0:repeat-headers=1'];
export const MJPEG = ['-c:v', 'mjpeg', '-q:v', '5', '-pix_fmt', 'yuvj420p', '-huffman', 'default'];
