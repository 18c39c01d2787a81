/** One client's play of one stream: the tracks of it that it set up, played, paused and ended as one (RFC 2326 14.2, C.3). */
import { randomBytes } from 'node:crypto';
import type { Camera } from '../camera/camera.ts';
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

  /** By the names of their controls. */
  readonly #tracks = new Map<string, Track>();

  constructor({ camera, stream }: CameraStream) {
    this.camera = camera;
    this.stream = stream;
  }

  has(control: string): boolean {
    return this.#tracks.has(control);
  }

  setUp(control: string, track: Track): void {
    this.#tracks.set(control, track);
  }

  /** @param base URL of the stream */
  rtpInfo(base: string): string {
    return [...this.#tracks].map(([control, track]) => track.rtpInfo(`${base}/${control}`)).join(',');
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
