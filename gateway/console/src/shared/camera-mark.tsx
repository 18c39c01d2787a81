/** A camera's state as a word and a sign, so that it does not rest on colour. */

import type { Camera } from '@roadwatch/contract/api';
import { cameraTone } from './camera-tone.ts';
import { useTexts } from './texts/language.ts';

export function CameraMark({ camera }: { readonly camera: Pick<Camera, 'state'> }) {
  const texts = useTexts();
  return <span class={`mark ${cameraTone(camera.state)}`}>{texts.cameraState[camera.state]}</span>;
}
