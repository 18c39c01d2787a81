/** Alerts that are one thing with the current one, or may be: one click merges, one takes it back. */
import type { Alert, AlertPart } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { damageName } from '../../shared/texts/damage.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';

const SHOWN = 4;

export function MergeCandidates({ alert, mayJudge }: { readonly alert: Alert; readonly mayJudge: boolean }) {
  const texts = useTexts();
  const language = useLanguage();
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const { value } = useLoaded(() => api.alerts.mergeCandidates(alert.id), ['alert'], alert.id);
  const row = (
    part: Pick<AlertPart, 'id' | 'damageClass' | 'cameraName'>,
    metres: number | null,
    label: string,
    change: () => Promise<unknown>,
  ) => (
    <li key={part.id}>
      <span>{damageName(part.damageClass, language)}</span>
      <span class="hint figures">
        {part.cameraName[language]}
        {metres === null ? null : ` · ${texts.metresAway(Math.round(metres))}`}
      </span>
      {mayJudge ? (
        <button
          type="button"
          class="quiet"
          onClick={() =>
            change().then(
              () => setProblem(null),
              (error) => setProblem(problemOf(error)),
            )
          }
        >
          {label}
        </button>
      ) : null}
    </li>
  );
  const candidates = (value ?? []).slice(0, SHOWN);
  return (
    <>
      {alert.parts.length === 0 ? null : (
        <>
          <h3>{texts.mergedParts}</h3>
          <ul class="candidates">
            {alert.parts.map((part) => row(part, null, texts.unmerge, () => api.alerts.undo(part.id)))}
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
                  ? api.alerts.merge(alert.id, other.id)
                  : api.alerts.merge(other.id, alert.id),
              ),
            )}
          </ul>
        </>
      )}
      <ProblemNote problem={problem} />
    </>
  );
}
