/** Who may use the console: making people, and what an admin does when somebody has lost their way in. */
import type { Person, Standing } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { LoadedPage } from '../../shared/api/loaded-page.tsx';
import { type Problem, problemOf } from '../../shared/api/problem.ts';
import { ProblemNote } from '../../shared/api/problem-note.tsx';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { useAdminTexts } from '../texts/index.ts';
import { NewPersonForm } from './new-person-form.tsx';
import { PersonRow } from './person-row.tsx';

interface Shown {
  readonly username: string;
  readonly password: string;
}

export function Users() {
  const { pages, users: texts } = useAdminTexts();
  const api = useApi();
  const loaded = useLoaded(() => api.admin.people(), [], 'people');
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const done = <Result,>(work: Promise<Result>): Promise<Result | null> => {
    setProblem(null);
    setShown(null);
    return work.then(
      (result) => {
        loaded.reload();
        return result;
      },
      (error) => {
        setProblem(problemOf(error));
        return null;
      },
    );
  };
  const act = {
    change: (person: Person, standing: Standing) =>
      void done(api.admin.changePerson(person.username, standing)),
    reset: (person: Person) => void done(api.admin.resetPassword(person.username)).then(setShown),
    disable: (person: Person) => void done(api.admin.disable(person.username)),
    enable: (person: Person) => void done(api.admin.enable(person.username)),
    signOut: (person: Person) => void done(api.admin.signOut(person.username)),
    factorOff: (person: Person) => void done(api.admin.factorOff(person.username)),
  };
  return (
    <section class="page">
      <header class="bar">
        <h1>{pages.users}</h1>
        <span class="hint">{texts.hint}</span>
      </header>
      <NewPersonForm onMake={(wanted) => done(api.admin.makePerson(wanted)).then(setShown)} />
      <ProblemNote problem={problem} />
      {shown === null ? null : (
        <label class="made">
          {texts.password(shown.username)}
          <input value={shown.password} readOnly onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
      <LoadedPage loaded={loaded} empty={false} none="" noneHint="">
        <div class="scroll">
          <table class="people">
            <thead>
              <tr>
                <th>{texts.name}</th>
                <th>{texts.role}</th>
                <th>{texts.state}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {(loaded.value ?? []).map((person) => (
                <PersonRow key={person.username} person={person} act={act} />
              ))}
            </tbody>
          </table>
        </div>
      </LoadedPage>
    </section>
  );
}
