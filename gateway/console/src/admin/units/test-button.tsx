/** Sends a trial order to the unit's own system, as it is saved, and shows what that said. */
import type { UnitTrial } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useAdminTexts } from '../texts/index.ts';

export function TestButton({ id }: { readonly id: string }) {
  const { units: texts } = useAdminTexts();
  const api = useApi();
  const [trial, setTrial] = useState<UnitTrial | 'under way' | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = (): void => {
    setTrial('under way');
    setProblem(null);
    api.admin.testUnit(id).then(setTrial, (error) => {
      setTrial(null);
      setProblem(problemOf(error));
    });
  };
  return (
    <>
      {trial === null || trial === 'under way' ? null : (
        <span class={trial.ok ? 'mark good' : 'mark bad'} role="status" title={trial.lines.join('\n')}>
          {trial.ok ? texts.testOk : texts.testFailed}{' '}
          <small class="words" lang="en">
            {trial.lines.at(-1)}
          </small>
        </span>
      )}
      <ProblemNote problem={problem} />
      <button type="button" disabled={trial === 'under way'} title={texts.testHint} onClick={send}>
        {texts.test}
      </button>
    </>
  );
}
