/** What a `--source` can be, and how each becomes the timelines of one or more cameras. */

import type { CameraAccess } from '../camera/access.ts';
import { MAKERS, type MakerName } from '../camera/makers/known.ts';
import type { TimedFault } from '../camera/schedule.ts';
import type { EncoderSettings } from '../media/encoder-settings.ts';
import type { SoundCodec } from '../media/sound.ts';
import type { Timeline } from '../media/timeline.ts';
import type { DamageTruth } from '../street/frame.ts';

export interface SourceOptions {
  /** What was asked for; what is left out is the source's own or a sensible default. */
  readonly encoder: Partial<EncoderSettings>;
  readonly size?: { readonly width: number; readonly height: number };
  /** Pictures of a folder one after another, this long each; without it, a camera each. */
  readonly dwellSeconds?: number;
  /** Sensor noise and a slightly shaking pole, so that a still picture passes for a camera. */
  readonly still?: 'plain' | 'camera';
  /** Same seed, same street. */
  readonly seed: number;
  /** Folder for what was rendered; null keeps nothing. */
  readonly cacheDir: string | null;
  /** A second, smaller stream beside the main one. */
  readonly subStream?: SubStreamSettings;
  /** Whose camera it is; before what a scenario says. */
  readonly as?: MakerName;
  /** The same, where the scenario says nothing. */
  readonly asOtherwise?: MakerName;
  readonly signal: AbortSignal;
  /** A street that has to be rendered comes at once as a still, with the film in `complete`. */
  readonly progressive?: boolean;
}

/** The smaller stream that a camera gives for overviews. */
export interface SubStreamSettings {
  /** Pixels, even. */
  readonly width: number;
  readonly height: number;
  /** Kilobits a second; without it, constant quality. */
  readonly bitrateKbps?: number;
}

/** One camera to be. */
export interface CameraSource extends CameraAccess {
  /** A name for its path: lower-case letters, digits, hyphens. */
  readonly name: string;
  readonly timeline: Timeline;
  /** The same scene at the same times, smaller. */
  readonly sub?: Timeline;
  /** What is on the road at a second since the camera began, where it is known. */
  readonly truthAt?: (seconds: number) => readonly DamageTruth[];
  /** What goes wrong with the camera, and when. */
  readonly faults?: readonly TimedFault[];
  readonly clockOffsetMs?: number;
  /** What it sends of the sound of the street. */
  readonly audio?: SoundCodec;
  /** Whose camera it is to be. */
  readonly as?: MakerName;
  /** Whether it tells of its pictures by ONVIF. */
  readonly metadata?: boolean;
  /** The sub-stream that it asks for by itself. */
  readonly subStream?: SubStreamSettings;
  /** The timeline is only the first picture of the street; this is the street, once it is rendered. */
  readonly complete?: Promise<CameraSource>;
  /** The same with what there is in the beginning lasting so many seconds longer; of what has a story only. */
  readonly later?: (seconds: number) => Shown;
}

/** What a camera shows, whatever its name and its ways. */
export type Shown = Pick<CameraSource, 'timeline' | 'sub' | 'truthAt' | 'complete'>;

/** As often as the cameras of a maker send keyframes, where one was named. */
export function keyframesOf(as: MakerName | undefined): Partial<EncoderSettings> {
  const gopSeconds = as === undefined ? null : MAKERS[as].gopSeconds;
  return gopSeconds === null ? {} : { gopSeconds };
}

/** A path-safe name. */
export function slug(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name.slice(0, 60) || 'camera';
}
