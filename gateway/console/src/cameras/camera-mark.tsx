/** A camera's state as a word and a sign, so that it does not rest on colour. */
import { useTexts } from '../shared/language.ts';
import type { Camera } from '../shared/types.ts';

type Condition = Camera['state'] | 'unreachable';

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
  unreachable: 'bad',
};

/** What a camera last said holds only while its agent is there to say otherwise. */
export function conditionOf(camera: Camera): Condition {
  return camera.online ? camera.state : 'unreachable';
}

export function CameraMark({ camera }: { readonly camera: Camera }) {
  const texts = useTexts();
  const condition = conditionOf(camera);
  return <span class={`mark ${LOOK[condition]}`}>{texts.cameraState[condition]}</span>;
}
