/** A camera's state as a word and a sign, so that it does not rest on colour. */

import type { Camera } from '@roadwatch/contract/api';
import { useTexts } from './language.ts';

type Condition = Camera['state'];

const LOOK: Readonly<Record<Condition, 'good' | 'warn' | 'bad'>> = {
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

export function CameraMark({ camera }: { readonly camera: Camera }) {
  const texts = useTexts();
  return <span class={`mark ${LOOK[camera.state]}`}>{texts.cameraState[camera.state]}</span>;
}
