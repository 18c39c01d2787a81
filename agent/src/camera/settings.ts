/** How the streams of a camera are read, as its keyframes allow; learnt from how they come, and kept from connection to connection. */
import type { CameraFaultCode } from '@roadwatch/contract/codes';
import type { Size } from '../frame/size.ts';
import type { StreamOptions } from './stream.ts';
import type { Packets } from './video-stream.ts';

/** As it is told, in steps, so that it does not change all the time. */
const ADVICE_STEPS_S = [300, 120, 60, 30, 20, 10, 5];
/** What should be set differently at the camera. */
interface Advice {
  readonly code: CameraFaultCode;
  readonly reason: string;
}

const EVERY_FRAME = { kind: 'all', fps: 1 } as const;

export class StreamSettings {
  #decode: NonNullable<StreamOptions['decode']> = { kind: 'keyframes' };
  #encode = false;
  #isDirect = true;
  #advice: Advice | null = null;
  #keyframesApartS = 0;
  /** Of the full stream's picture, as it is to be seen; null before one has come. */
  mainSize: Size | null = null;

  get decode(): NonNullable<StreamOptions['decode']> {
    return this.#decode;
  }
  /** Whether keyframes are so rare that the recording is encoded anew. */
  get encode(): boolean {
    return this.#encode;
  }
  /** Whether its packets are read here; else by ffmpeg, which every camera can be. */
  get isDirect(): boolean {
    return this.#isDirect && this.#decode.kind === 'keyframes' && !this.#encode;
  }
  /** What a person could better at the camera, though it works. */
  get advice(): Advice | null {
    return this.#advice;
  }

  decodeEveryFrame(): void {
    this.#decode = EVERY_FRAME;
  }

  readThroughFfmpeg(): void {
    this.#isDirect = false;
  }

  encodeAnew(): void {
    this.#encode = true;
  }

  learn(packets: Packets | null): void {
    if (packets === null) return;
    const apart = packets.keyframeSeconds() ?? 0;
    const step = ADVICE_STEPS_S.find((seconds) => apart >= seconds) ?? 0;
    if (step > this.#keyframesApartS) this.#keyframesApartS = step;
    if (packets.codec === 'JPEG') {
      this.#advice = {
        code: 'camera_sends_jpeg',
        reason: 'the camera sends JPEG, which is encoded anew here and costs more; set it to H.264',
      };
    } else if (this.#keyframesApartS > 0) {
      this.#advice = {
        code: 'camera_keyframes_rare',
        reason: `more than ${this.#keyframesApartS} s from keyframe to keyframe, so every picture is decoded, which costs more; set the camera to one every 2 s`,
      };
    }
  }
}
