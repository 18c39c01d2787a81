/** Every version of a section with what it changed, the latest first; any can be put back. */
import type { SettingsSection, SettingsVersion } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { usePages } from '../../shared/api/use-pages.ts';
import { useAdminTexts } from '../texts/index.ts';
import { personName } from './person-name.ts';
import { useWhen } from './use-when.ts';

interface Props {
  readonly section: SettingsSection;
  /** The newest. */
  readonly version: number;
  readonly onDone: () => void;
}

export function History({ section, version, onDone }: Props) {
  const texts = useAdminTexts();
  const api = useApi();
  const list = usePages((after) => api.admin.versions(section, after), `${section} ${version}`);
  const [problem, setProblem] = useState<Problem | null>(null);
  const undo = (to: number): void => {
    if (!confirm(texts.undoSure(to))) return;
    setProblem(null);
    api.admin.undo(section, version, to).then(onDone, (error) => setProblem(problemOf(error)));
  };
  return (
    <details class="history">
      <summary>{texts.history}</summary>
      <ProblemNote problem={problem ?? list.problem} />
      <ol>
        {list.items?.map((entry) => (
          <Entry key={entry.version} entry={entry} newest={version} onUndo={undo} />
        ))}
      </ol>
      {!list.more ? null : (
        <button type="button" disabled={list.loading} onClick={list.onMore}>
          {texts.older}
        </button>
      )}
    </details>
  );
}

interface EntryProps {
  readonly entry: SettingsVersion;
  readonly newest: number;
  readonly onUndo: (to: number) => void;
}

function Entry({ entry: { version, by, at, undoOf, changes, more }, newest, onUndo }: EntryProps) {
  const texts = useAdminTexts();
  const when = useWhen();
  return (
    <li>
      <div class="bar">
        <strong class="figures">{texts.version(version, personName(by, texts), when(at))}</strong>
        {undoOf === null ? null : <span class="hint">{texts.undoOf(undoOf)}</span>}
        {version === newest ? null : (
          <button type="button" onClick={() => onUndo(version)}>
            {texts.undo}
          </button>
        )}
      </div>
      <ul>
        {version === 1 ? <li class="hint">{texts.first}</li> : null}
        {changes.map(({ path, before, after }) => (
          <li key={path}>
            <code>{path}</code> <del>{before ?? texts.nothing}</del> → <ins>{after ?? texts.nothing}</ins>
          </li>
        ))}
        {more > 0 ? <li class="hint">{texts.more(more)}</li> : null}
      </ul>
    </li>
  );
}
