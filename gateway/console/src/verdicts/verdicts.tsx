/** What has been judged, the latest verdict first: to look at it again, and to take one back that was given too fast. */

import type { Alert } from '@roadwatch/contract/api';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { EvidenceView } from '../evidence/evidence-view.tsx';
import { Thumbnail } from '../evidence/thumbnail.tsx';
import { Said } from '../outbox/said.tsx';
import { useOutbox, useOutboxView } from '../outbox/use-outbox.ts';
import { LoadedPage } from '../shared/api/loaded-page.tsx';
import { problemText } from '../shared/api/problem-text.ts';
import type { Narrowed } from '../shared/narrowing/narrowed.ts';
import { personOf } from '../shared/person.ts';
import { at } from '../shared/route/base.ts';
import { follow, navigate, useSearch } from '../shared/route/route.ts';
import { damageName } from '../shared/texts/damage.ts';
import { named } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useNow } from '../shared/time/use-now.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { OUTCOMES, OWN, queryOf, searchOf, type VerdictField, verdictsBy } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { OwnVerdicts } from './own-verdicts.tsx';
import { useVerdicts } from './use-verdicts.ts';

/** A confirmation is taken back where its ticket is. */
const TAKEN_BACK_HERE: ReadonlySet<Alert['state']> = new Set(['rejected', 'shelved', 'merged']);

export function Verdicts({ mayJudge }: { readonly mayJudge: boolean }) {
  const { pages, alertState, outbox, verdicts: texts } = useTexts();
  const search = useSearch();
  const narrowed = verdictsBy(search);
  const show = (change: Narrowed<VerdictField>): void => navigate(at(`/verdicts${searchOf(change)}`));
  const { outcome, ...rest } = narrowed;
  const choice = (name: string | undefined, label: string) => (
    <button
      key={label}
      type="button"
      aria-pressed={name === outcome}
      onClick={() => show(name === undefined ? rest : { ...rest, outcome: name })}
    >
      {label}
    </button>
  );
  const bar = (
    <header class="bar">
      <h1>{pages.verdicts}</h1>
      <span class="group titled">
        {choice(undefined, texts.all)}
        {OUTCOMES.map((name) => choice(name, alertState[name]))}
        {mayJudge ? choice(OWN, outbox.title) : null}
      </span>
    </header>
  );
  if (outcome !== OWN) return <Judged bar={bar} mayJudge={mayJudge} narrowed={narrowed} onNarrow={show} />;
  return (
    <section class="page">
      {bar}
      <OwnVerdicts />
    </section>
  );
}

interface JudgedProps {
  readonly bar: ComponentChildren;
  readonly mayJudge: boolean;
  readonly narrowed: Narrowed<VerdictField>;
  readonly onNarrow: (narrowed: Narrowed<VerdictField>) => void;
}

function Judged({ bar, mayJudge, narrowed, onNarrow }: JudgedProps) {
  const all = useTexts();
  const { verdicts: texts, ticketList } = all;
  const now = useNow();
  const wall = useWallClock();
  const [shown, setShown] = useState<string | null>(null);
  const { head, alerts, total, onMore, problem } = useVerdicts(queryOf(narrowed, wall));
  const alert = alerts.find(({ id }) => id === shown) ?? alerts[0];
  const people = [...new Set(alerts.map(({ verdictBy }) => personOf(verdictBy ?? '')))].toSorted();
  return (
    <section class={alert === undefined ? 'page' : 'page with-picture'}>
      <div class="list">
        {bar}
        <div class="bar">
          <FilterBar narrowed={narrowed} people={people} onNarrow={onNarrow} />
        </div>
        <LoadedPage loaded={head} empty={alert === undefined} none={texts.none} noneHint={texts.noneHint}>
          {total === null ? null : <p class="hint figures">{texts.total(total)}</p>}
          <ul class="scroll judged">
            {alerts.map((each) => (
              <li key={each.id} aria-current={each === alert ? 'true' : undefined}>
                <Row alert={each} now={now} mayJudge={mayJudge} onShow={() => setShown(each.id)} />
              </li>
            ))}
            {onMore === null ? null : (
              <li class="more">
                {problem === null ? null : <span class="problem">{problemText(problem, all)}</span>}
                <button type="button" class="quiet" onClick={onMore}>
                  {ticketList.more}
                </button>
              </li>
            )}
          </ul>
        </LoadedPage>
      </div>
      {alert === undefined ? null : <EvidenceView key={alert.id} alert={alert} />}
    </section>
  );
}

interface RowProps {
  readonly alert: Alert;
  readonly now: number;
  readonly mayJudge: boolean;
  readonly onShow: () => void;
}

function Row({ alert, now, mayJudge, onShow }: RowProps) {
  const texts = useTexts();
  const language = useLanguage();
  const { shortTime } = useWallClock();
  const outbox = useOutbox();
  const { entries, problem } = useOutboxView();
  const verdict = entries.findLast(
    ({ alertId, decision, outcome }) =>
      alertId === alert.id &&
      decision.kind !== 'undo' &&
      decision.kind !== 'reject_many' &&
      outcome?.kind === 'stored',
  );
  const undo = entries.findLast(
    (entry) =>
      entry.alertId === alert.id && entry.decision.kind === 'undo' && entry.outcome?.kind !== 'stored',
  );
  return (
    <>
      <button type="button" class="item" onClick={onShow}>
        <Thumbnail alert={alert} />
        <span class="what">
          <span class={`tag ${alert.damageClass}`}>{damageName(alert.damageClass, language)}</span>
          <span class="where">{alert.cameraName[language]}</span>
          <span class="when figures">
            {alert.verdictAt === null ? null : shortTime(alert.verdictAt, now)}{' '}
            {personOf(alert.verdictBy ?? '')}
          </span>
        </span>
      </button>
      <span class="outcome">
        {undo === undefined ? verdictText(alert) : <Said entry={undo} now={now} problem={problem} />}
      </span>
      {alert.ticketId === null ? null : (
        <a class="button" href={at(`/tickets/${alert.ticketId}`)} onClick={follow}>
          {texts.verdicts.ticket}
        </a>
      )}
      {mayJudge && TAKEN_BACK_HERE.has(alert.state) ? (
        <button type="button" onClick={() => outbox.give(alert, { kind: 'undo', of: verdict?.key ?? null })}>
          {texts.verdicts.takeBack}
        </button>
      ) : null}
    </>
  );

  function verdictText({ state, reason, shelvedUntil }: Alert): string {
    if (state === 'shelved' && shelvedUntil !== null)
      return texts.verdicts.until(shortTime(shelvedUntil, now));
    return state === 'rejected' && reason !== null
      ? named(texts.rejectReason, reason)
      : texts.alertState[state];
  }
}
