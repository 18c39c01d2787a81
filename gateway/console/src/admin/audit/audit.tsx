/** Who did what, when, to which thing; and whether the record holds. */
import type { AuditCheck, AuditEntry } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { usePages } from '../../shared/api/use-pages.ts';
import { named } from '../../shared/texts/index.ts';
import { useTexts } from '../../shared/texts/language.ts';
import { useWhen } from '../settings/use-when.ts';
import { useAdminTexts } from '../texts/index.ts';

type Question = Readonly<Record<'actor' | 'action' | 'subject', string>>;

export function Audit() {
  const { pages, audit: texts, older } = useAdminTexts();
  const api = useApi();
  const [question, setQuestion] = useState<Question>({ actor: '', action: '', subject: '' });
  /** What is typed is asked by the button only; again, it shows what has come since. */
  const [{ asked, times }, ask] = useState({ asked: question, times: 0 });
  const list = usePages((after) => api.admin.audit(asked, after), String(times));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    ask({ asked: question, times: times + 1 });
  };
  return (
    <section class="page">
      <header class="bar">
        <h1>{pages.audit}</h1>
        <Check />
      </header>
      <form class="new-token" onSubmit={submit}>
        {(['actor', 'action', 'subject'] as const).map((field) => (
          <label key={field}>
            {texts[field]}
            <input
              name={field}
              maxLength={200}
              placeholder={texts.example[field]}
              value={question[field]}
              onInput={({ currentTarget }) => setQuestion({ ...question, [field]: currentTarget.value })}
            />
          </label>
        ))}
        <button type="submit" class="primary">
          {texts.search}
        </button>
      </form>
      <ProblemNote problem={list.problem} />
      {list.items?.length === 0 ? <p class="nothing">{texts.none}</p> : null}
      <List entries={list.items ?? []} />
      {!list.more ? null : (
        <button type="button" disabled={list.loading} onClick={list.onMore}>
          {older}
        </button>
      )}
    </section>
  );
}

function List({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const { audit: texts } = useAdminTexts();
  const { audit: actions } = useTexts();
  const when = useWhen();
  if (entries.length === 0) return null;
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>{texts.at}</th>
            <th>{texts.actor}</th>
            <th>{texts.action}</th>
            <th>{texts.subject}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ seq, at, actor, source, action, subject, before, after }) => (
            <tr key={seq}>
              <td class="figures">
                {when(at)}
                <small>{seq}</small>
              </td>
              <td>
                {actor}
                <small>{source}</small>
              </td>
              <td>
                {named(actions, action)}
                <small>{action}</small>
              </td>
              <td class="value">
                {subject}
                {before === null && after === null ? null : (
                  <details>
                    <summary>{texts.details}</summary>
                    <code>{[before, after].filter((text) => text !== null).join(' → ')}</code>
                  </details>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The whole chain, from its first entry on. */
function Check() {
  const { audit: texts } = useAdminTexts();
  const api = useApi();
  const [check, setCheck] = useState<AuditCheck | 'under way' | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const verify = (): void => {
    setCheck('under way');
    setProblem(null);
    api.admin.verifyAudit().then(setCheck, (error) => {
      setCheck(null);
      setProblem(problemOf(error));
    });
  };
  return (
    <>
      <button type="button" disabled={check === 'under way'} onClick={verify}>
        {texts.verify}
      </button>
      {check === null || check === 'under way' ? null : (
        <span class={check.ok ? 'mark good' : 'mark bad'} role="status">
          {check.ok ? texts.holds : texts.broken}
          <small lang="en">{check.lines.join('; ')}</small>
        </span>
      )}
      <ProblemNote problem={problem} />
    </>
  );
}
