/**
 * Pictures to MPEG-1 in MPEG-TS, which a browser can play with jsmpeg. The muxer is node-rtsp-stream's; it is fed through its
 * standard input, because it takes no options for its input, and starts ffmpeg through a script that holds it within limits.
 */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import Mpeg1Muxer from 'node-rtsp-stream/mpeg1muxer.js';
import { LIVE_FPS } from './picture-stream.ts';

const TS_PACKET_BYTES = 188;
const KILL_AFTER_MS = 2_000;

export class Mpeg1Stream {
  /** Resolves with what the encoder said last, when it has ended. */
  readonly ended: Promise<string>;
  readonly #muxer: Mpeg1Muxer;
  #rest = Buffer.alloc(0);

  /** `onPackets` is given whole transport packets. */
  constructor(pictures: Readable, onPackets: (packets: Buffer) => void) {
    this.#muxer = new Mpeg1Muxer({
      url: 'pipe:0',
      ffmpegPath: fileURLToPath(new URL('./contained-ffmpeg.sh', import.meta.url)),
      ffmpegOptions: {
        '-loglevel': 'error',
        '-b:v': '1800k',
        '-maxrate': '2400k',
        '-bufsize': '1200k',
        '-g': LIVE_FPS,
        '-bf': 0,
        '-threads': 1,
        '-muxdelay': '0.001',
        '-flush_packets': 1,
      },
    });
    const { stream } = this.#muxer;
    let lastWords = '';
    this.#muxer.on('ffmpegStderr', (data) => {
      lastWords = data.toString().trim().split('\n').at(-1)?.slice(0, 300) ?? lastWords;
    });
    this.#muxer.on('mpeg1data', (data) => {
      const bytes = Buffer.concat([this.#rest, data]);
      const whole = bytes.length - (bytes.length % TS_PACKET_BYTES);
      this.#rest = bytes.subarray(whole);
      if (whole > 0) onPackets(bytes.subarray(0, whole));
    });
    // A child that has gone must not bring the process down through its pipes.
    stream.stdin.on('error', () => {});
    pictures.pipe(stream.stdin);
    this.ended = Promise.race([
      once(stream, 'close').then(() => lastWords),
      once(stream, 'error').then(([error]) => (error as Error).message),
    ]);
  }

  async stop(): Promise<void> {
    const { stream } = this.#muxer;
    stream.kill('SIGTERM');
    const escalation = setTimeout(() => stream.kill('SIGKILL'), KILL_AFTER_MS);
    await this.ended;
    clearTimeout(escalation);
  }
}
