/** What is about to be rejected together: each with its picture, to be left out by a click. */
import type { Alert } from '@roadwatch/contract/api';
import { Thumbnail } from '../evidence/thumbnail.tsx';
import { damageName } from '../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import type { DeskEvent } from './desk-events.ts';

interface Props {
  readonly alerts: readonly Alert[];
  readonly onEvent: (event: DeskEvent) => void;
}

export function Batch({ alerts, onEvent }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  return (
    <ul class="batch">
      {alerts.map((alert) => {
        const what = damageName(alert.damageClass, language);
        const where = alert.report?.address ?? alert.cameraName[language];
        return (
          <li key={alert.id}>
            <button
              type="button"
              class="quiet"
              title={texts.batch.leaveOut}
              onClick={() => onEvent({ kind: 'batch_without', id: alert.id })}
            >
              <Thumbnail alert={alert} />
              <span class="unseen">{texts.batch.leaveOut}</span> <span class="where">{what}</span>{' '}
              <span class="where hint">{where}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
