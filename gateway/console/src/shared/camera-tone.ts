/** How good or bad it is that a camera is as it is. */
import type { Camera, CameraTone } from '@roadwatch/contract/api';
import { CAMERA_TONE } from '@roadwatch/contract/api/vocabulary.ts';

export type Tone = CameraTone;

export function cameraTone(state: Camera['state']): Tone {
  return CAMERA_TONE[state];
}
