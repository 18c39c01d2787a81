/** Saving everything now, and the last times that it was. */
import { useState } from 'preact/hooks';
import { LoadedPage } from '../../shared/api/loaded-page.tsx';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { at } from '../../shared/route/base.ts';
import { personName } from '../settings/person-name.ts';
import { useWhen } from '../settings/use-when.ts';
import { useAdminTexts } from '../texts/index.ts';
import { useWhile } from './use-while.ts';

const MARKS = { running: 'warn', done: 'good', failed: 'bad', disk_full: 'bad' } as const;

export function Backups() {
  const texts = useAdminTexts();
  const { backup } = texts;
  const api = useApi();
  const when = useWhen();
  const loaded = useLoaded(() => api.admin.backups(), [], 'backups');
  const [problem, setProblem] = useState<Problem | null>(null);
  const items = loaded.value ?? [];
  const running = items[0]?.state === 'running';
  useWhile(running, loaded.reload);
  const begin = (): void => {
    setProblem(null);
    api.admin.backUp().then(loaded.reload, (error) => setProblem(problemOf(error)));
  };
  return (
    <section class="page">
      <header class="bar">
        <h1>{texts.pages.backup}</h1>
        <span class="hint">{backup.hint}</span>
      </header>
      <div class="bar">
        <button type="button" class="primary" disabled={running} onClick={begin}>
          {backup.now}
        </button>
        {items.some(({ state }) => state === 'done') ? (
          <a class="button" href={at('/api/backups/store')} download title={backup.downloadHint}>
            {backup.download}
          </a>
        ) : null}
        <ProblemNote problem={problem} />
      </div>
      <LoadedPage loaded={loaded} empty={items.length === 0} none={backup.none} noneHint={backup.noneHint}>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>{backup.at}</th>
                <th>{backup.state}</th>
                <th>{backup.holds}</th>
                <th>{backup.folder}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(({ at: made, by, state, rows, evidence, folder }) => (
                <tr key={made}>
                  <td class="figures">
                    {when(made)}
                    <small>{personName(by, texts)}</small>
                  </td>
                  <td>
                    <span class={`mark ${MARKS[state]}`}>{backup.states[state]}</span>
                  </td>
                  <td class="figures">{backup.saved(rows, evidence)}</td>
                  <td class="value">{folder}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </LoadedPage>
    </section>
  );
}
