/** Tells that somebody else has judged the alert that is being looked at. */

import type { Alert } from '@roadwatch/contract/api';
import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../shared/api/use-api.ts';
import { personOf } from '../shared/person.ts';
import { useTexts } from '../shared/texts/language.ts';

const VERDICTS: ReadonlySet<Alert['state']> = new Set(['confirmed', 'rejected', 'merged', 'shelved']);

export function JudgedElsewhere({ id }: { readonly id: string }) {
  const texts = useTexts();
  const api = useApi();
  const [alert, setAlert] = useState<Alert | null>(null);
  useEffect(() => {
    api.alerts.one(id).then(setAlert, () => {});
  }, [api, id]);
  if (alert?.id !== id || !VERDICTS.has(alert.state)) return null;
  return (
    <p class="stage-note" role="alert">
      {texts.judgedElsewhere(personOf(alert.verdictBy ?? ''), texts.alertState[alert.state])}
    </p>
  );
}
