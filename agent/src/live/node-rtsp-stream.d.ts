/** What is used of node-rtsp-stream 0.0.9, which brings no types. */
declare module 'node-rtsp-stream/mpeg1muxer.js' {
  import type { ChildProcessWithoutNullStreams } from 'node:child_process';
  import type { EventEmitter } from 'node:events';

  interface MuxerOptions {
    readonly url: string;
    readonly ffmpegPath: string;
    /** Output options; an empty value gives a flag. */
    readonly ffmpegOptions?: Readonly<Record<string, string | number>>;
  }
  interface MuxerEvents {
    mpeg1data: [data: Buffer];
    ffmpegStderr: [data: Buffer];
    exitWithError: [];
  }
  export default class Mpeg1Muxer extends EventEmitter<MuxerEvents> {
    constructor(options: MuxerOptions);
    readonly stream: ChildProcessWithoutNullStreams;
  }
}
