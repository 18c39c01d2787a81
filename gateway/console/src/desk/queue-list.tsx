/** The queue, in the order in which it should be judged. */

import type { Alert } from '@roadwatch/contract/api';
import { useEffect, useRef } from 'preact/hooks';
import { pictureShown } from '../evidence/picture-sources.tsx';
import { Thumbnail } from '../evidence/thumbnail.tsx';
import { personOf } from '../shared/person.ts';
import { damageName } from '../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { age } from '../shared/time/time.ts';
import type { DeskEvent } from './desk-events.ts';
import type { DeskState } from './desk-state.ts';

interface Props {
  readonly state: DeskState;
  readonly now: number;
  readonly onEvent: (event: DeskEvent) => void;
}

export function QueueList({ state, now, onEvent }: Props) {
  const texts = useTexts();
  const list = useRef<HTMLOListElement>(null);
  const { queue, waiting, more, fresh } = state;
  const current = state.current?.id;
  const hold = (held: boolean): void => onEvent({ kind: 'held', held });
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <section class="queue" aria-label={texts.queue}>
      <header>
        <h2>{texts.queue}</h2>
        <span class="count figures">
          {queue.length}
          {more ? '+' : ''}
        </span>
        <span class="gap" />
        {waiting > 0 ? (
          <button type="button" class="arrived" onClick={() => hold(false)}>
            {texts.newArrived(waiting)}
          </button>
        ) : null}
      </header>
      <ol ref={list} onMouseEnter={() => hold(true)} onMouseLeave={() => hold(false)}>
        {queue.map((alert) => (
          <li key={alert.id}>
            <Item
              alert={alert}
              current={alert.id === current}
              fresh={fresh.has(alert.id)}
              now={now}
              onSelect={(id) => onEvent({ kind: 'selected', id })}
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
