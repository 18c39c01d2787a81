/** One client's play of one stream: the tracks of it that it set up, played, paused and ended as one (RFC 2326 14.2, C.3). */
import { randomBytes } from 'node:crypto';
import type { Camera } from '../camera/camera.ts';
import { type TrackKind, trackUrl } from '../camera/makers/maker.ts';
import type { Stream } from '../camera/stream.ts';

/** One stream of one camera, as a path names it. */
export interface CameraStream {
  readonly camera: Camera;
  readonly stream: Stream;
}

/** What is sent of one medium. */
export interface Track {
  readonly ssrc: number;
  /** Where it takes up in a PLAY answer (RFC 2326 12.33). */
  rtpInfo(url: string): string;
  play(): void;
  pause(): void;
  /** Ends it, with a word of goodbye. */
  close(): void;
}

export class Session {
  readonly id = randomBytes(8).toString('hex');
  readonly stream: Stream;
  readonly camera: Camera;
  /** `performance.now()` of the client's last sign of life. */
  lastHeardAt = performance.now();

  readonly #tracks = new Map<TrackKind, Track>();

  constructor({ camera, stream }: CameraStream) {
    this.camera = camera;
    this.stream = stream;
  }

  has(kind: TrackKind): boolean {
    return this.#tracks.has(kind);
  }

  setUp(kind: TrackKind, track: Track): void {
    this.#tracks.set(kind, track);
  }

  /** @param url of the stream, without a slash at its end */
  rtpInfo(url: string): string {
    const { maker } = this.camera;
    return [...this.#tracks].map(([kind, track]) => track.rtpInfo(trackUrl(maker, url, kind))).join(',');
  }

  play(): void {
    for (const track of this.#tracks.values()) track.play();
  }

  pause(): void {
    for (const track of this.#tracks.values()) track.pause();
  }

  close(): void {
    for (const track of this.#tracks.values()) track.close();
  }
}
