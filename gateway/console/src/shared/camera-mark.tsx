/** A camera's state as a word and a sign, so that it does not rest on colour. */

import type { Camera } from '@roadwatch/contract/api';
import { useTexts } from './texts/language.ts';

type Condition = Camera['state'];

const TONE: Readonly<Record<Condition, 'good' | 'warn' | 'bad'>> = {
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
  return <span class={`mark ${TONE[camera.state]}`}>{texts.cameraState[camera.state]}</span>;
}
