/** Every version of a section with what it changed, the latest first; any can be put back. */
import type { SettingsSection, SettingsVersion } from '@roadwatch/contract/api';
import { useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
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
  const [versions, setVersions] = useState<readonly SettingsVersion[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const tell = (error: unknown): void => setProblem(problemOf(error));
  const load = (before: readonly SettingsVersion[], after: string | null): Promise<void> =>
    api.admin.versions(section, after).then((page) => {
      setVersions([...before, ...page.items]);
      setNext(page.next);
    }, tell);
  useEffect(() => {
    void load([], null);
  }, [section, version]);
  const undo = (to: number): void => {
    if (!confirm(texts.undoSure(to))) return;
    setProblem(null);
    api.admin.undo(section, version, to).then(onDone, tell);
  };
  return (
    <details class="history">
      <summary>{texts.history}</summary>
      <ProblemNote problem={problem} />
      <ol>
        {versions.map((entry) => (
          <Entry key={entry.version} entry={entry} newest={version} onUndo={undo} />
        ))}
      </ol>
      {next === null ? null : (
        <button type="button" onClick={() => void load(versions, next)}>
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
