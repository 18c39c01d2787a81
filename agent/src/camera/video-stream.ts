/** One connection to a camera, whichever way it is read. */
import type { PassedCodec } from '@roadwatch/contract';
import type { Size } from '../frame/size.ts';
import type { StreamFault } from './faults.ts';
import type { VideoCodec } from './rtsp/sdp.ts';

export interface VideoStream {
  /** Settles when the connection is over, for whatever reason; never rejects. */
  readonly ended: Promise<StreamFault>;
  /** Resolves with whether the camera let the agent in. */
  readonly admitted: Promise<boolean>;
  /** Resolves with the picture's size as it is to be seen, not rounded; null when it ends before that is known. */
  readonly sized: Promise<Size | null>;
  /** Frames that the decoder found damaged. */
  readonly decodeErrors: number;
  /** What is known of the packets; null before the camera has let the agent in. */
  readonly packets: Packets | null;
  /** Of what is written into the ring; null where it is neither, or the camera has not described its stream yet. */
  readonly recordedCodec: PassedCodec | null;
  /** Whether packets come, also while no picture does. */
  isFlowing(now: number): boolean;
  stop(): Promise<void>;
}

export interface Packets {
  readonly codec: VideoCodec;
  /** Seconds between the last two keyframes, or of what has come since the last; null before the first, and by UDP. */
  keyframeSeconds(): number | null;
  /** Pictures that have come over this connection; null where nobody counts them. */
  readonly pictures: number | null;
  /** How far the camera's clock is ahead of ours, as its last report has it; null where none has come, or none tells a time of day. */
  readonly clockAheadMs: number | null;
}
