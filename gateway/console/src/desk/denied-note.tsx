/** Says why the last key did nothing. It lies over the picture's edge and moves nothing. */
import { useTexts } from '../shared/texts/language.ts';
import type { DeskState } from './desk-state.ts';
import { whyNotText } from './why-not.ts';

export function DeniedNote({ denied }: Pick<DeskState, 'denied'>) {
  const texts = useTexts();
  return (
    <p class="denied" role="status">
      {denied === null ? null : <span key={denied.at}>{whyNotText(denied, texts)}</span>}
    </p>
  );
}
