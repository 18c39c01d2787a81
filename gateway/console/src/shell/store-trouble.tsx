/** Says, on every page, that nothing can be saved at present: whoever is about to decide something should know before. */

import type { StoreTrouble } from '@roadwatch/contract/api';
import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../shared/api/use-api.ts';
import { useTexts } from '../shared/texts/language.ts';

const LOOK_MS = 10_000;

export function StoreTroubleMark() {
  const texts = useTexts();
  const [trouble] = useTroubles();
  if (trouble === undefined) return null;
  return (
    <strong class="line-down" role="alert">
      {texts.storeTrouble[trouble.what][trouble.code]}
    </strong>
  );
}

/** The worst first. */
function useTroubles(): readonly StoreTrouble[] {
  const api = useApi();
  const [troubles, setTroubles] = useState<readonly StoreTrouble[]>([]);
  useEffect(() => {
    let over = false;
    const look = (): void => {
      // Without an answer the line is down, which is said elsewhere.
      api.field.troubles().then(
        (found) => {
          if (!over) setTroubles(found.toSorted((a, b) => b.what.localeCompare(a.what)));
        },
        () => {},
      );
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [api]);
  return troubles;
}
