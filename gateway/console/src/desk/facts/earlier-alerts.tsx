/** What was seen at the place of the current alert before, and what became of it. */
import type { Alert } from '@roadwatch/contract/api';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { earlierAt } from './earlier.ts';

const SHOWN = 6;

export function EarlierAlerts({ alert, now }: { readonly alert: Alert; readonly now: number }) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const key = `${alert.site}/${alert.agent}/${alert.camera}`;
  const { value } = useLoaded(() => api.alerts.ofCamera(alert), ['alert'], key);
  const earlier = earlierAt(alert, value ?? []);
  return (
    <>
      <h3>{texts.earlier}</h3>
      {earlier.length === 0 ? (
        <p class="hint">{value === null ? texts.loading : texts.noEarlier}</p>
      ) : (
        <ul class="earlier">
          {earlier.slice(0, SHOWN).map((other) => (
            <li key={other.id}>
              <span>{damageName(other.damageClass, language)}</span>
              <span>{texts.alertState[other.state]}</span>
              <span class="figures">{texts.ago(age(other.createdAt, now, language))}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
