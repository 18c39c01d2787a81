/** Signing in. */
import { useEffect, useState } from 'preact/hooks';
import { Switches } from '../header.tsx';
import { type Problem, problemOf } from '../shared/api.ts';
import { sayProblem, useApi } from '../shared/hooks.ts';
import { useLanguage, useTexts } from '../shared/language.ts';
import type { Trouble } from '../shared/sign-in.ts';
import type { OtherWay, User } from '../shared/types.ts';

interface Props {
  /** How a visit to the identity provider has ended, if not well. */
  readonly trouble: Trouble | null;
  readonly onSignedIn: (user: User) => void;
  readonly onLanguage: () => void;
  readonly onTheme: () => void;
}

export function Login({ trouble, onSignedIn, onLanguage, onTheme }: Props) {
  const texts = useTexts();
  const api = useApi();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [other, setOther] = useState<OtherWay | null>(null);
  const language = useLanguage();
  useEffect(() => {
    // Without an answer there is still the password.
    api.otherWay().then(setOther, () => {});
  }, [api]);

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setProblem(null);
    api
      .signIn(String(form.get('username')), String(form.get('password')))
      .then(onSignedIn, (error) => setProblem(problemOf(error)))
      .finally(() => setBusy(false));
  };

  return (
    <div class="login">
      <form onSubmit={submit}>
        <h1>
          <img src="/icon.svg" alt="" width="36" height="36" /> {texts.product}
        </h1>
        <label>
          {texts.username}
          <input name="username" autocomplete="username" required maxLength={64} autofocus />
        </label>
        <label>
          {texts.password}
          <input name="password" type="password" autocomplete="current-password" required maxLength={256} />
        </label>
        {problem === null ? null : (
          <p class="problem" role="alert">
            {problem.status === 401 ? texts.problems.login : sayProblem(problem, texts)}
          </p>
        )}
        <button type="submit" class="primary" disabled={busy}>
          {busy ? texts.signingIn : texts.signIn}
        </button>
        {other === null ? null : (
          <a class="button" href={other.path}>
            {other.label[language]}
          </a>
        )}
        {trouble === null || problem !== null ? null : (
          <p class="problem" role="alert">
            {texts.signInTrouble[trouble]}
          </p>
        )}
        <p class="hint">{texts.signInHint}</p>
        <p class="switches">
          <Switches onLanguage={onLanguage} onTheme={onTheme} />
        </p>
      </form>
    </div>
  );
}
