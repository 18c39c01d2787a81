/** What has been judged: to look at it again, and to take a verdict back that was given too fast. */

import type { Alert } from '@roadwatch/contract/api';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { EvidenceView } from '../evidence/evidence-view.tsx';
import { Thumbnail } from '../evidence/thumbnail.tsx';
import { Said } from '../outbox/said.tsx';
import { useOutbox, useOutboxView } from '../outbox/use-outbox.ts';
import { LoadedPage } from '../shared/api/loaded-page.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useLoaded } from '../shared/api/use-loaded.ts';
import { personOf } from '../shared/person.ts';
import { at } from '../shared/route/base.ts';
import { follow } from '../shared/route/route.ts';
import { damageName } from '../shared/texts/damage.ts';
import { named } from '../shared/texts/index.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { useNow } from '../shared/time/use-now.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';
import { OwnVerdicts } from './own-verdicts.tsx';

const KINDS = ['rejected', 'shelved', 'confirmed', 'merged'] as const;
/** A confirmation is taken back where its ticket is. */
const TAKEN_BACK_HERE: ReadonlySet<Alert['state']> = new Set(['rejected', 'shelved', 'merged']);

type Kind = (typeof KINDS)[number] | 'own';

export function Verdicts({ mayJudge }: { readonly mayJudge: boolean }) {
  const { pages, alertState, outbox } = useTexts();
  const [kind, setKind] = useState<Kind>('rejected');
  const choice = (name: Kind, label: string) => (
    <button key={name} type="button" aria-pressed={name === kind} onClick={() => setKind(name)}>
      {label}
    </button>
  );
  const bar = (
    <header class="bar">
      <h1>{pages.verdicts}</h1>
      <span class="group titled">
        {KINDS.map((name) => choice(name, alertState[name]))}
        {mayJudge ? choice('own', outbox.title) : null}
      </span>
    </header>
  );
  if (kind !== 'own') return <Judged kind={kind} bar={bar} mayJudge={mayJudge} />;
  return (
    <section class="page">
      {bar}
      <OwnVerdicts />
    </section>
  );
}

interface JudgedProps {
  readonly kind: (typeof KINDS)[number];
  readonly bar: ComponentChildren;
  readonly mayJudge: boolean;
}

function Judged({ kind, bar, mayJudge }: JudgedProps) {
  const { verdicts: texts } = useTexts();
  const api = useApi();
  const now = useNow();
  const [shown, setShown] = useState<string | null>(null);
  const loaded = useLoaded(() => api.alerts.judged(kind), ['alert'], kind);
  const alerts = loaded.value?.items ?? [];
  const alert = alerts.find(({ id }) => id === shown) ?? alerts[0];
  return (
    <section class={alert === undefined ? 'page' : 'page with-picture'}>
      <div class="list">
        {bar}
        <LoadedPage loaded={loaded} empty={alert === undefined} none={texts.none} noneHint={texts.noneHint}>
          <ul class="scroll judged">
            {alerts.map((each) => (
              <li key={each.id} aria-current={each === alert ? 'true' : undefined}>
                <Row alert={each} now={now} mayJudge={mayJudge} onShow={() => setShown(each.id)} />
              </li>
            ))}
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
      alertId === alert.id && decision.kind !== 'undo' && outcome?.kind === 'stored',
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
    return state === 'rejected' && reason !== null ? named(texts.rejectReason, reason) : '';
  }
}
