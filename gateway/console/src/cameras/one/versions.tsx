/** What was set of a camera, by whom and when; any of it can be put back. */
import type { CameraSettingsVersion, CameraSettingsView, OfCamera } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { personOf } from '../../shared/person.ts';
import { useWallClock } from '../../shared/time/wall-clock.ts';
import { keyOf } from '../figures.ts';
import { useCameraTexts } from '../texts/index.ts';

interface Props {
  readonly of: OfCamera;
  readonly newest: CameraSettingsView;
  readonly maySet: boolean;
  readonly onDone: () => void;
}

export function Versions({ of, newest, maySet, onDone }: Props) {
  const texts = useCameraTexts();
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = `${keyOf(of)} ${newest.version} ${newest.delivery.state}`;
  const versions = useLoaded(() => api.field.cameraVersions(of), ['camera'], key);
  const putBack = (to: number): void => {
    if (!confirm(texts.putBackSure(to))) return;
    setProblem(null);
    api.field.undoCamera(of, newest.version, to).then(onDone, (error) => setProblem(problemOf(error)));
  };
  return (
    <section class="camera-versions">
      <h2>{texts.history}</h2>
      <ProblemNote problem={problem ?? versions.problem} />
      {newest.version === 0 ? <p class="hint">{texts.noHistory}</p> : null}
      <ol>
        {versions.value?.map((entry) => (
          <Entry
            key={entry.version}
            entry={entry}
            onPutBack={maySet && entry.version !== newest.version ? () => putBack(entry.version) : null}
          />
        ))}
      </ol>
    </section>
  );
}

interface EntryProps {
  readonly entry: CameraSettingsVersion;
  readonly onPutBack: (() => void) | null;
}

function Entry({ entry: { version, by, at, undoOf, changed, delivery }, onPutBack }: EntryProps) {
  const texts = useCameraTexts();
  const { fullDay, clockTime } = useWallClock();
  const when = `${fullDay(at).slice(0, 'YYYY-'.length)}${clockTime(at)}`;
  return (
    <li>
      <strong class="figures">{texts.version(version, personOf(by), when)}</strong>
      <small>
        {undoOf === null ? changed.map((field) => texts.fields[field]).join(', ') : texts.undoOf(undoOf)} ·{' '}
        {texts.outcome[delivery.state]}
      </small>
      {onPutBack === null ? null : (
        <button type="button" onClick={onPutBack}>
          {texts.putBack}
        </button>
      )}
    </li>
  );
}
