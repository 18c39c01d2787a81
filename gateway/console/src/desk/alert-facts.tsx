/** What is known about the alert at hand: about the damage, about where it comes from, and what was here before. */
import { CameraMark } from '../cameras/camera-mark.tsx';
import { damageName } from '../shared/damage.ts';
import { useApi, useLoaded } from '../shared/hooks.ts';
import { useLanguage, useTexts } from '../shared/language.ts';
import { mayJudge, personOf } from '../shared/person.ts';
import { earlierAt } from '../shared/place.ts';
import { Place } from '../shared/place-text.tsx';
import { named } from '../shared/texts/index.ts';
import { age } from '../shared/time.ts';
import type { Alert, User } from '../shared/types.ts';
import { useWallClock } from '../shared/wall-clock.ts';
import { SameThing } from './same-thing.tsx';

interface Props {
  readonly alert: Alert;
  readonly user: User;
  readonly now: number;
}

export function AlertFacts({ alert, user, now }: Props) {
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
  const holder = alert.claimedBy === null ? null : personOf(alert.claimedBy);
  return (
    <aside class="facts" aria-label={texts.alertFacts}>
      <h2>
        <span class={`tag ${alert.damageClass}`}>{damageName(alert.damageClass, language)}</span>
      </h2>
      {alert.recurrenceOf === null ? null : <p class="note">{texts.recurrence}</p>}
      {alert.rejectedBefore === null ? null : (
        <p class="note">
          {texts.rejectedBefore(
            alert.rejectedBefore.count,
            named(texts.rejectReason, alert.rejectedBefore.reason ?? 'other'),
          )}
        </p>
      )}
      {holder === null ? null : (
        <p class="note held">{holder === user.username ? texts.heldByYou : texts.heldBy(holder)}</p>
      )}
      <dl>
        {alert.report !== null ? null : (
          <>
            <dt>{facts.certainty}</dt>
            <dd class="figures">
              <meter min={0} max={1} value={alert.score} aria-label={facts.certainty} />{' '}
              {Math.round(alert.score * 100)} % <small>{texts.certainty[certainty]}</small>
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
      <Source alert={alert} now={now} />
      <SameThing key={alert.id} alert={alert} mayJudge={mayJudge(user)} />
      {alert.report === null ? <Earlier alert={alert} now={now} /> : null}
    </aside>
  );
}

function Source({ alert, now }: { readonly alert: Alert; readonly now: number }) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const { facts } = texts;
  const { value: cameras } = useLoaded(() => api.cameras(), ['camera', 'agent'], 'cameras');
  const { value: units } = useLoaded(() => api.units(), [], 'units');
  const unit = units?.find(({ id }) => id === alert.unitId);
  const camera = cameras?.find(
    ({ site, agent, camera }) => site === alert.site && agent === alert.agent && camera === alert.camera,
  );
  return (
    <>
      <h3>{texts.cameraFacts}</h3>
      <dl>
        {alert.report !== null ? null : (
          <>
            <dt>{facts.camera}</dt>
            <dd>{alert.cameraName[language]}</dd>
          </>
        )}
        <dt>{facts.place}</dt>
        <dd class="figures">
          {alert.position === null ? (
            (alert.report?.address ?? texts.noPlace)
          ) : (
            <Place position={alert.position} />
          )}
        </dd>
        {camera === undefined ? null : (
          <>
            <dt>{facts.cameraState}</dt>
            <dd>
              <CameraMark camera={camera} />
            </dd>
            <dt>{facts.lastFrame}</dt>
            <dd class="figures">
              {camera.lastFrameAt ? texts.ago(age(camera.lastFrameAt, now, language)) : texts.never}
            </dd>
          </>
        )}
        <dt>{alert.report === null ? facts.agent : texts.report.number}</dt>
        <dd>{alert.report === null ? `${alert.site}/${alert.agent}` : alert.report.number}</dd>
        {unit === undefined ? null : (
          <>
            <dt>{facts.dispatchTo}</dt>
            <dd>{unit.name[language]}</dd>
          </>
        )}
      </dl>
    </>
  );
}

function Earlier({ alert, now }: { readonly alert: Alert; readonly now: number }) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const key = `${alert.site}/${alert.agent}/${alert.camera}`;
  const { value } = useLoaded(() => api.alertsOf(alert), ['alert'], key);
  const earlier = earlierAt(alert, value ?? []);
  return (
    <>
      <h3>{texts.earlier}</h3>
      {earlier.length === 0 ? (
        <p class="hint">{value === null ? texts.loading : texts.noEarlier}</p>
      ) : (
        <ul class="earlier">
          {earlier.slice(0, 6).map((other) => (
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
