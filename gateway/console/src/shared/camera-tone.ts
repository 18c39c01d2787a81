/** How good or bad it is that a camera is as it is. */
import type { Camera } from '@roadwatch/contract/api';

export type Tone = 'good' | 'warn' | 'bad';

const TONE: Readonly<Record<Camera['state'], Tone>> = {
  streaming: 'good',
  starting: 'warn',
  dark: 'warn',
  blurred: 'warn',
  moved: 'warn',
  stalled: 'bad',
  refused: 'bad',
  covered: 'bad',
  frozen: 'bad',
  placeholder: 'bad',
  unknown: 'bad',
};

export function cameraTone(state: Camera['state']): Tone {
  return TONE[state];
}
