/** What is known of a simulated ONVIF device, and what an answer is made from. */
import type { Question } from './envelope.ts';

export interface OnvifProfile {
  readonly token: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** From keyframe to keyframe. */
  readonly gopSeconds?: number;
  readonly url: string;
}

export interface OnvifDevice {
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  /** Of the device service. */
  readonly address: string;
  readonly mediaAddress: string;
  /** Null where there is no picture to be had. */
  readonly snapshotAddress: string | null;
  /** Whom it knows; empty where it asks for no login. */
  readonly users: readonly string[];
  /** The full picture first. */
  readonly profiles: readonly OnvifProfile[];
  /** The camera's own clock, in ms since 1970. */
  now(): number;
}

/** The body of an answer; null where what was asked for is not there. */
export type Say = (device: OnvifDevice, question: Question) => string | null;
