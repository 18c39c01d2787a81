/** Which boxes are to get a release, how many at a time, and how long it is watched there. */
import type { NewRollout, ReleaseView } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useAdminTexts } from '../texts/index.ts';

interface Props {
  readonly release: ReleaseView;
  readonly onBegun: () => void;
}

export function RolloutForm({ release: { id, kind }, onBegun }: Props) {
  const { fleet } = useAdminTexts();
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [mode, setMode] = useState<NewRollout['mode']>('switch');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const number = (name: string): number => Number(form.get(name));
    const stage =
      form.get('unit') === 'percent' ? { percentAtOnce: number('stage') } : { atOnce: number('stage') };
    const terms = mode === 'shadow' ? { share: number('share') / 100 } : { trialMinutes: number('trial') };
    const targets = String(form.get('targets'))
      .split(/[\s,，;；]+/)
      .filter((target) => target !== '');
    api.fleet
      .begin({ releaseId: id, mode, targets, ...stage, maxFailures: number('failures'), terms })
      .then(onBegun, (error) => setProblem(problemOf(error)));
  };
  return (
    <form class="fields" onSubmit={submit}>
      <label class="field">
        {fleet.targets}
        <input name="targets" required defaultValue="*/*" title={fleet.targetsHint} />
        <small>{fleet.targetsHint}</small>
      </label>
      {kind === 'model' ? (
        <label class="field">
          {fleet.mode}
          <select
            value={mode}
            onChange={(event) => setMode(event.currentTarget.value === 'shadow' ? 'shadow' : 'switch')}
          >
            <option value="switch">{fleet.modes.switch}</option>
            <option value="shadow">{fleet.modes.shadow}</option>
          </select>
        </label>
      ) : null}
      <label class="field">
        {fleet.stage}
        <input name="stage" type="number" required min={1} max={10_000} defaultValue={1} />
      </label>
      <label class="field">
        {fleet.stageUnit}
        <select name="unit">
          <option value="boxes">{fleet.boxes}</option>
          <option value="percent">{fleet.percent}</option>
        </select>
      </label>
      <label class="field">
        {fleet.failures}
        <input name="failures" type="number" required min={0} max={10_000} defaultValue={0} />
      </label>
      {mode === 'shadow' ? (
        <label class="field" key="share">
          {fleet.share}
          <input name="share" type="number" required min={1} max={100} defaultValue={10} />
        </label>
      ) : (
        <label class="field" key="trial">
          {fleet.trial}
          <input name="trial" type="number" required min={1} max={1440} defaultValue={30} />
        </label>
      )}
      <div class="bar">
        <button type="submit" class="primary">
          {fleet.begin}
        </button>
        <ProblemNote problem={problem} />
        {problem === null ? null : (
          <small class="problem" lang="en">
            {problem.message}
          </small>
        )}
      </div>
    </form>
  );
}
