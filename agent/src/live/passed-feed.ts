/**
 * A camera as it sends: what its connection writes into the ring, copied into fragmented MP4. Nothing is decoded or encoded, the
 * camera has no second viewer, and the keyframe that a viewer begins with is there already.
 */
import type { PassedCodec } from '@roadwatch/contract';
import { Ffmpeg, ffmpegArguments } from '../ffmpeg/process.ts';
import { followRing } from '../ring/follow.ts';
import type { Recording } from '../ring/segments.ts';
import type { LiveFeed, OpenFeed, SendMessage } from './feed.ts';
import { codecsOf, Mp4Messages } from './mp4-boxes.ts';

export interface PassedSource {
  readonly recording: Recording;
  readonly codec: PassedCodec;
  /** Asked before every piece of video: whoever has privacy masks is never shown as it is. */
  isUnmasked(): boolean;
}

/** From one keyframe to the next, of 4K: a viewer begins with that much, and one on a slow line misses it rather than seeing the past. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
const MASKED = 'privacy masks were added';

export function passedFeed(source: PassedSource): OpenFeed {
  return async (send) => new PassedFeed(source, send);
}

class PassedFeed implements LiveFeed {
  readonly ended: Promise<string>;
  codecs: string | undefined;
  readonly #source: PassedSource;
  readonly #send: SendMessage;
  readonly #ffmpeg: Ffmpeg;
  readonly #messages = new Mp4Messages();
  readonly #stopping = new AbortController();
  #reason: string | null = null;
  /** Pictures before the next keyframe are of no use. */
  #waitsForKeyframe = true;

  constructor(source: PassedSource, send: SendMessage) {
    this.#source = source;
    this.#send = send;
    this.#ffmpeg = new Ffmpeg(copyArguments(source.codec), { stdin: true });
    let problem = '';
    this.#ffmpeg.log.setEncoding('utf8').on('data', (text: string) => {
      problem = /\[(?:error|fatal)\] (.*)/.exec(text)?.[1] ?? problem;
    });
    this.#ffmpeg.output(1).on('data', (chunk: Buffer) => this.#onOutput(chunk));
    const feeding = followRing(
      source.recording.ring,
      { need: 'asked', goesOn: () => this.#mayGoOn(), take: (bytes) => this.#write(bytes) },
      this.#stopping.signal,
    ).then(
      () => this.#end('the camera’s connection has ended'),
      (error: Error) => this.#end(error.message),
    );
    const exit = this.#ffmpeg.exit.then(() =>
      this.#end(`the video cannot be passed on: ${problem || 'no reason given'}`),
    );
    this.ended = Promise.all([feeding, exit]).then(() => this.#reason as string);
  }

  async stop(): Promise<void> {
    this.#end('stopped');
    await this.ended;
  }

  #end(reason: string): void {
    this.#reason ??= reason;
    this.#stopping.abort();
    void this.#ffmpeg.stop();
  }

  #mayGoOn(): boolean {
    if (!this.#source.isUnmasked()) this.#end(MASKED);
    return this.#reason === null;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    // The bytes are read over as soon as this resolves; a child that has gone takes nothing any more.
    await Promise.race([
      new Promise<void>((resolve) => this.#ffmpeg.stdin.write(bytes, () => resolve())),
      this.#ffmpeg.exit,
    ]);
  }

  #onOutput(chunk: Buffer): void {
    try {
      for (const { kind, bytes } of this.#messages.push(chunk)) {
        // What is on its way was recorded before a mask that has been added since.
        if (!this.#mayGoOn()) return;
        if (kind === 'init') this.codecs = codecsOf(bytes) ?? undefined;
        if (kind === 'keyframe') this.#waitsForKeyframe = false;
        if (kind === 'picture' && this.#waitsForKeyframe) continue;
        if (!this.#send(bytes, MAX_BUFFERED_BYTES)) this.#waitsForKeyframe = true;
      }
    } catch (error) {
      this.#end(`the video cannot be passed on: ${(error as Error).message}`);
    }
  }
}

/** A picture is written when it is whole. What was read to know the stream must not be lost, so no `nobuffer`: the keyframe is in it. */
function copyArguments(codec: PassedCodec): string[] {
  return ffmpegArguments(
    [
      {
        url: 'pipe:0',
        foreign: ['pipe'],
        options: ['-f', 'mpegts', '-probesize', '32768', '-analyzeduration', '100000', '-threads', '1'],
      },
    ],
    [
      {
        target: 'pipe:1',
        options: [
          ...['-map', '0:v:0', '-c', 'copy', ...(codec === 'h265' ? ['-tag:v', 'hvc1'] : [])],
          ...['-movflags', '+empty_moov+default_base_moof+frag_every_frame+skip_trailer'],
          ...['-flush_packets', '1', '-f', 'mp4'],
        ],
      },
    ],
  );
}
