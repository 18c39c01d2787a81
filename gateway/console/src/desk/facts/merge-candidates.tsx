/** Alerts that are one thing with the current one, or may be: one click merges, one takes it back. */
import type { Alert, AlertPart } from '@roadwatch/contract/api';
import { Said } from '../../outbox/said.tsx';
import { useOutbox, useOutboxView } from '../../outbox/use-outbox.ts';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { useNow } from '../../shared/time/use-now.ts';

const SHOWN = 4;

export function MergeCandidates({ alert, mayJudge }: { readonly alert: Alert; readonly mayJudge: boolean }) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const outbox = useOutbox();
  const now = useNow();
  const { entries, problem } = useOutboxView();
  const { value } = useLoaded(() => api.alerts.mergeCandidates(alert.id), ['alert'], alert.id);
  const row = (
    part: Pick<AlertPart, 'id' | 'damageClass' | 'cameraName' | 'report'>,
    metres: number | null,
    label: string,
    change: () => void,
  ) => {
    const given = entries.findLast(
      ({ alertId, decision, outcome }) =>
        alertId === part.id &&
        (decision.kind === 'merge' || decision.kind === 'unmerge') &&
        outcome?.kind !== 'stored',
    );
    return (
      <li key={part.id}>
        <span>{damageName(part.damageClass, language)}</span>
        <span class="hint figures">
          {part.cameraName[language]}
          {metres === null ? null : ` · ${texts.metresAway(Math.round(metres))}`}
        </span>
        {given === undefined ? null : (
          <span class="problem">
            <Said entry={given} now={now} problem={problem} />
          </span>
        )}
        {mayJudge ? (
          <button type="button" class="quiet" onClick={change}>
            {label}
          </button>
        ) : null}
      </li>
    );
  };
  const candidates = (value ?? []).slice(0, SHOWN);
  return (
    <>
      {alert.parts.length === 0 ? null : (
        <>
          <h3>{texts.mergedParts}</h3>
          <ul class="candidates">
            {alert.parts.map((part) =>
              row(part, null, texts.unmerge, () => outbox.give(part, { kind: 'unmerge' })),
            )}
          </ul>
        </>
      )}
      {candidates.length === 0 ? null : (
        <>
          <h3>{texts.mergeCandidates}</h3>
          <ul class="candidates">
            {candidates.map((other) =>
              row(other, other.metres, texts.merge, () =>
                // What has a ticket already takes in the current one.
                other.state === 'confirmed'
                  ? outbox.give(alert, { kind: 'merge', into: other.id })
                  : outbox.give(other, { kind: 'merge', into: alert.id }),
              ),
            )}
          </ul>
        </>
      )}
    </>
  );
}
