/** What has been judged: to look at it again, and to take a verdict back that was given too fast. */

import type { Alert } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { EvidenceView } from '../evidence/evidence-view.tsx';
import { Thumbnail } from '../evidence/thumbnail.tsx';
import { Answer } from '../shared/answer.tsx';
import { type Problem, problemOf } from '../shared/api.ts';
import { at } from '../shared/base.ts';
import { damageName } from '../shared/damage.ts';
import { sayProblem, useApi, useLoaded, useNow } from '../shared/hooks.ts';
import { useLanguage, useTexts } from '../shared/language.ts';
import { personOf } from '../shared/person.ts';
import { follow } from '../shared/route.ts';
import { named } from '../shared/texts/index.ts';
import { useWallClock } from '../shared/wall-clock.ts';

const KINDS = ['rejected', 'shelved', 'confirmed', 'merged'] as const;
/** A confirmation is taken back where its ticket is. */
const TAKEN_BACK_HERE: ReadonlySet<Alert['state']> = new Set(['rejected', 'shelved', 'merged']);

export function Verdicts({ mayJudge }: { readonly mayJudge: boolean }) {
  const { verdicts: texts, pages, alertState } = useTexts();
  const api = useApi();
  const now = useNow();
  const [kind, setKind] = useState<(typeof KINDS)[number]>('rejected');
  const [shown, setShown] = useState<string | null>(null);
  const loaded = useLoaded(() => api.judged(kind), ['alert'], kind);
  const alerts = loaded.value?.items ?? [];
  const alert = alerts.find(({ id }) => id === shown) ?? alerts[0];
  return (
    <section class={alert === undefined ? 'page' : 'page with-picture'}>
      <div class="list">
        <header class="bar">
          <h1>{pages.verdicts}</h1>
          <span class="group titled">
            {KINDS.map((name) => (
              <button key={name} type="button" aria-pressed={name === kind} onClick={() => setKind(name)}>
                {alertState[name]}
              </button>
            ))}
          </span>
        </header>
        <Answer loaded={loaded} empty={alert === undefined} none={texts.none} noneHint={texts.noneHint}>
          <ul class="scroll judged">
            {alerts.map((each) => (
              <li key={each.id} aria-current={each === alert ? 'true' : undefined}>
                <Row alert={each} now={now} mayJudge={mayJudge} onShow={() => setShown(each.id)} />
              </li>
            ))}
          </ul>
        </Answer>
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
  const api = useApi();
  const { shortTime } = useWallClock();
  const [problem, setProblem] = useState<Problem | null>(null);
  const takeBack = (): void => {
    api.undo(alert.id).then(
      () => {},
      (error) => setProblem(problemOf(error)),
    );
  };
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
        {problem === null ? sayVerdict(alert) : <span class="problem">{sayProblem(problem, texts)}</span>}
      </span>
      {alert.ticketId === null ? null : (
        <a class="button" href={at(`/tickets/${alert.ticketId}`)} onClick={follow}>
          {texts.verdicts.ticket}
        </a>
      )}
      {mayJudge && TAKEN_BACK_HERE.has(alert.state) ? (
        <button type="button" onClick={takeBack}>
          {texts.verdicts.takeBack}
        </button>
      ) : null}
    </>
  );

  function sayVerdict({ state, reason, shelvedUntil }: Alert): string {
    if (state === 'shelved' && shelvedUntil !== null)
      return texts.verdicts.until(shortTime(shelvedUntil, now));
    return state === 'rejected' && reason !== null ? named(texts.rejectReason, reason) : '';
  }
}
