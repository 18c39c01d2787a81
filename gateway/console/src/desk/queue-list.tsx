/** The queue, in the order in which it should be judged. */
import { useEffect, useRef } from 'preact/hooks';
import { damageName } from '../shared/damage.ts';
import { useLanguage, useTexts } from '../shared/language.ts';
import { personOf } from '../shared/person.ts';
import { age } from '../shared/time.ts';
import type { Alert } from '../shared/types.ts';
import { pictureShown } from './picture-sources.tsx';
import { Thumbnail } from './thumbnail.tsx';
import type { Queue } from './use-queue.ts';

interface Props {
  readonly queue: Queue;
  readonly current: string | null;
  readonly now: number;
  readonly onSelect: (id: string) => void;
}

export function QueueList({ queue, current, now, onSelect }: Props) {
  const texts = useTexts();
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <section class="queue" aria-label={texts.queue}>
      <header>
        <h2>{texts.queue}</h2>
        <span class="count figures">
          {queue.queue.length}
          {queue.more ? '+' : ''}
        </span>
        <span class="gap" />
        {queue.waiting > 0 ? (
          <button type="button" class="arrived" onClick={queue.letIn}>
            {texts.newArrived(queue.waiting)}
          </button>
        ) : null}
      </header>
      <ol ref={list} onMouseEnter={() => queue.hold(true)} onMouseLeave={() => queue.hold(false)}>
        {queue.queue.map((alert) => (
          <li key={alert.id}>
            <Item
              alert={alert}
              current={alert.id === current}
              fresh={queue.fresh.has(alert.id)}
              now={now}
              onSelect={onSelect}
            />
          </li>
        ))}
      </ol>
      <p class="hint">{texts.queueOrder}</p>
    </section>
  );
}

interface ItemProps {
  readonly alert: Alert;
  readonly current: boolean;
  readonly fresh: boolean;
  readonly now: number;
  readonly onSelect: (id: string) => void;
}

function Item({ alert, current, fresh, now, onSelect }: ItemProps) {
  const texts = useTexts();
  const language = useLanguage();
  const where = alert.report?.address ?? alert.cameraName[language];
  const picture = pictureShown(alert, null);
  const other = picture !== null && picture.source !== null && picture.alertId !== alert.id ? picture : null;
  return (
    <button
      type="button"
      class="item"
      tabIndex={current ? 0 : -1}
      aria-current={current ? 'true' : undefined}
      data-alert={alert.id}
      onClick={() => onSelect(alert.id)}
    >
      <Thumbnail alert={alert} />
      <span class="what">
        <span class="line">
          <span class={`tag ${alert.damageClass}`}>{damageName(alert.damageClass, language)}</span>
          {fresh ? <span class="fresh">{texts.alertState.new}</span> : null}
        </span>
        <span class="where" title={where}>
          {where}
        </span>
        {other === null ? null : <span class="where">{texts.pictureFrom(other.cameraName[language])}</span>}
        <span class="when figures">
          {age(alert.createdAt, now, language)}
          {alert.count > 1 ? ` · ×${alert.count}` : ''}
          {alert.claimedBy === null ? '' : ` · ${personOf(alert.claimedBy)}`}
        </span>
      </span>
    </button>
  );
}
