/** The latest that this camera has reported, and what became of it. */
import type { Alert, OfCamera } from '@roadwatch/contract/api';
import { Thumbnail } from '../../evidence/thumbnail.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { at } from '../../shared/route/base.ts';
import { follow } from '../../shared/route/route.ts';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { useNow } from '../../shared/time/use-now.ts';
import { keyOf } from '../figures.ts';
import { useCameraTexts } from '../texts/index.ts';

const SHOWN = 8;

export function LatestAlerts({ of }: { readonly of: OfCamera }) {
  const texts = useCameraTexts();
  const api = useApi();
  const alerts = useLoaded(() => api.alerts.ofCamera(of, SHOWN), ['alert'], keyOf(of)).value ?? [];
  return (
    <section>
      <h2>{texts.alerts}</h2>
      {alerts.length === 0 ? <p class="hint">{texts.noAlerts}</p> : null}
      <ul class="camera-alerts">
        {alerts.map((alert) => (
          <Line key={alert.id} alert={alert} />
        ))}
      </ul>
    </section>
  );
}

function Line({ alert }: { readonly alert: Alert }) {
  const { ago, alertState } = useTexts();
  const language = useLanguage();
  const now = useNow();
  const text = (
    <span>
      {damageName(alert.damageClass, language)}
      <small>
        {alertState[alert.state]} · {ago(age(alert.createdAt, now, language))}
      </small>
    </span>
  );
  return (
    <li>
      <Thumbnail alert={alert} />
      {alert.ticketId === null ? (
        text
      ) : (
        <a href={at(`/tickets/${alert.ticketId}`)} onClick={follow}>
          {text}
        </a>
      )}
    </li>
  );
}
