/** A track that a client may set up and on which nothing comes: some makers describe one that is for their own programs. */
import { randomBytes } from 'node:crypto';
import type { Track } from './session.ts';

export class SilentTrack implements Track {
  readonly ssrc = randomBytes(4).readUInt32BE();

  rtpInfo(url: string): string {
    return `url=${url}`;
  }

  play(): void {}
  pause(): void {}
  close(): void {}
}
