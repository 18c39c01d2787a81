/** Which version of the console this is, for whoever asks about it; the gateway that serves it is of the same. */
import { version } from '../../package.json';
import { useTexts } from '../shared/texts/language.ts';

export function Version() {
  const { product } = useTexts();
  return (
    <p class="hint">
      {product} {version}
    </p>
  );
}
