/** One alert that waits: what, where, since when, and who has it before them. */
import type { Alert, User } from '@roadwatch/contract/api';
import { pictureShown } from '../../evidence/picture-sources.tsx';
import { Thumbnail } from '../../evidence/thumbnail.tsx';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { heldByOther } from '../objections.ts';

interface Props {
  readonly alert: Alert;
  readonly user: User;
  readonly current: boolean;
  readonly fresh: boolean;
  readonly now: number;
  readonly onTake: (alert: Alert) => void;
}

export function QueueRow({ alert, user, current, fresh, now, onTake }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const where = alert.report?.address ?? alert.cameraName[language];
  const picture = pictureShown(alert, null);
  const other = picture !== null && picture.source !== null && picture.alertId !== alert.id ? picture : null;
  const holder = heldByOther(alert, user);
  return (
    <button
      type="button"
      class="item"
      tabIndex={current ? 0 : -1}
      aria-current={current ? 'true' : undefined}
      data-alert={alert.id}
      onClick={() => onTake(alert)}
    >
      <Thumbnail alert={alert} />
      <span class="what">
        <span class="line">
          <span class={`tag ${alert.damageClass}`}>{damageName(alert.damageClass, language)}</span>
          {alert.state !== 'new' ? (
            <span class="hint">{texts.alertState[alert.state]}</span>
          ) : fresh ? (
            <span class="fresh">{texts.alertState.new}</span>
          ) : null}
        </span>
        <span class="where" title={where}>
          {where}
        </span>
        {other === null ? null : <span class="where">{texts.pictureFrom(other.cameraName[language])}</span>}
        <span class="when figures">
          {age(alert.createdAt, now, language)}
          {alert.count > 1 ? ` · ×${alert.count}` : ''}
          {holder === null ? '' : ` · ${texts.with(holder)}`}
        </span>
      </span>
    </button>
  );
}
