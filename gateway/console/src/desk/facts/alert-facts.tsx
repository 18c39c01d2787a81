/** What is known about the current alert: about the damage, where it comes from, what it may be one with, and what was here before. */
import type { Alert } from '@roadwatch/contract/api';
import { damageName } from '../../shared/texts/damage.ts';
import { named } from '../../shared/texts/index.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { age } from '../../shared/time/time.ts';
import { useWallClock } from '../../shared/time/wall-clock.ts';
import type { DeskEvent } from '../desk-events.ts';
import type { DeskState } from '../desk-state.ts';
import { heldByOther } from '../objections.ts';
import { AlertSource } from './alert-source.tsx';
import { EarlierAlerts } from './earlier-alerts.tsx';
import { MapSketch } from './map-sketch.tsx';
import { Neighbours } from './neighbours.tsx';

interface Props {
  readonly alert: Alert;
  readonly state: DeskState;
  readonly now: number;
  readonly onEvent: (event: DeskEvent) => void;
}

export function AlertFacts({ alert, state, now, onEvent }: Props) {
  const texts = useTexts();
  const language = useLanguage();
  const { facts } = texts;
  const { shortTime } = useWallClock();
  const time = (at: string) => (
    <>
      {shortTime(at, now)} <small>{texts.ago(age(at, now, language))}</small>
    </>
  );
  const certainty = alert.score >= 0.75 ? 'high' : alert.score >= 0.5 ? 'medium' : 'low';
  const holder = heldByOther(alert, state.user);
  return (
    <aside class="facts" aria-label={texts.alertFacts}>
      <h2>
        <span class={`tag ${alert.damageClass}`}>{damageName(alert.damageClass, language)}</span>
      </h2>
      {alert.recurrenceOf === null ? null : <p class="note">{texts.recurrence}</p>}
      {alert.since === null ? null : <p class="note">{texts.beforeFirstLook}</p>}
      {alert.rejectedBefore === null ? null : (
        <p class="note">
          {texts.rejectedBefore(
            alert.rejectedBefore.count,
            named(texts.rejectReason, alert.rejectedBefore.reason ?? 'other'),
          )}
        </p>
      )}
      {holder === null ? null : <p class="note held">{texts.heldBy(holder)}</p>}
      <dl>
        {alert.report !== null ? null : (
          <>
            <dt>{facts.certainty}</dt>
            <dd class="figures">
              <meter min={0} max={1} value={alert.score} aria-label={facts.certainty} />{' '}
              {Math.round(alert.score * 100)}% <small>{texts.certainty[certainty]}</small>
            </dd>
            <dt>{facts.condition}</dt>
            <dd>{texts.condition[alert.condition]}</dd>
          </>
        )}
        <dt>{facts.firstSeen}</dt>
        <dd class="figures">{time(alert.firstSeenAt)}</dd>
        <dt>{facts.lastSeen}</dt>
        <dd class="figures">{time(alert.lastSeenAt)}</dd>
        {alert.claimedTimes === null ? null : (
          <>
            <dt>{facts.claimed}</dt>
            <dd class="figures">{alert.claimedTimes.lastSeenAt}</dd>
          </>
        )}
        <dt>{facts.reports}</dt>
        <dd class="figures">{alert.count}</dd>
      </dl>
      <MapSketch alert={alert} neighbours={state.neighbours} />
      <Neighbours state={state} now={now} onEvent={onEvent} />
      <EarlierAlerts
        earlier={state.earlier}
        shown={state.view.earlier}
        now={now}
        onShow={(id) =>
          onEvent({
            kind: 'viewed',
            set: { shows: 'still', earlier: id === state.view.earlier ? null : id },
          })
        }
      />
      <AlertSource alert={alert} now={now} />
    </aside>
  );
}
