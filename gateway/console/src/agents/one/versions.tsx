/** What was set of a box, by whom and when, and what became of it; any of it can be put back. */
import type { BoxSettingsVersion, BoxSettingsView } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { personOf } from '../../shared/person.ts';
import { useWallClock } from '../../shared/time/wall-clock.ts';
import { useAgentTexts } from '../texts/index.ts';
import { settingName } from './setting-name.ts';

interface Props {
  readonly view: BoxSettingsView;
  readonly maySet: boolean;
  readonly onDone: () => void;
}

/** Of the changes of one version; the audit has them all. */
const SHOWN = 8;

export function Versions({ view, maySet, onDone }: Props) {
  const texts = useAgentTexts();
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = `${view.site}/${view.agent} ${view.version} ${view.delivery.state}`;
  const versions = useLoaded(() => api.field.boxVersions(view), ['agent'], key);
  const putBack = (to: number): void => {
    if (!confirm(texts.putBackSure(to))) return;
    setProblem(null);
    api.field.undoBox(view, view.version, to).then(onDone, (error) => setProblem(problemOf(error)));
  };
  return (
    <section class="box-versions">
      <h2>{texts.history}</h2>
      <ProblemNote problem={problem ?? versions.problem} />
      {view.version === 0 ? <p class="hint">{texts.noHistory}</p> : null}
      {view.version === 0 || !maySet ? null : (
        <button type="button" onClick={() => putBack(0)}>
          {texts.putBackFile}
        </button>
      )}
      <ol>
        {versions.value?.map((entry) => (
          <Entry
            key={entry.version}
            entry={entry}
            onPutBack={maySet && entry.version !== view.version ? () => putBack(entry.version) : null}
          />
        ))}
      </ol>
    </section>
  );
}

interface EntryProps {
  readonly entry: BoxSettingsVersion;
  readonly onPutBack: (() => void) | null;
}

function Entry({ entry: { version, by, at, undoOf, changes, more, delivery }, onPutBack }: EntryProps) {
  const texts = useAgentTexts();
  const { fullDay, clockTime } = useWallClock();
  const when = `${fullDay(at).slice(0, 'YYYY-'.length)}${clockTime(at)}`;
  // That something is there is told by what is said of it.
  const told = changes.filter(({ path }) => !path.endsWith('.id'));
  const rest = more + Math.max(0, told.length - SHOWN);
  return (
    <li>
      <strong class="figures">{texts.version(version, personOf(by), when)}</strong>
      <small>
        {undoOf === null ? null : `${texts.undoOf(undoOf)} · `}
        {texts.outcome[delivery.state]}
      </small>
      <ul class="words">
        {told.slice(0, SHOWN).map(({ path, before, after }) => (
          <li key={path}>
            {settingName(path, texts) ?? path}: {before ?? '–'} → {after ?? '–'}
          </li>
        ))}
        {rest === 0 ? null : <li>{texts.more(rest)}</li>}
      </ul>
      {onPutBack === null ? null : (
        <button type="button" onClick={onPutBack}>
          {texts.putBack}
        </button>
      )}
    </li>
  );
}
