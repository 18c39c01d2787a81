/** Signing in. */

import type { User, Ways } from '@roadwatch/contract/api';
import { useEffect, useState } from 'preact/hooks';
import { WaitingNote } from '../outbox/waiting-note.tsx';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { problemText } from '../shared/api/problem-text.ts';
import { useApi } from '../shared/api/use-api.ts';
import { at } from '../shared/route/base.ts';
import { useLanguage, useTexts } from '../shared/texts/language.ts';
import { Switches } from '../shell/switches.tsx';
import { Version } from '../shell/version.tsx';
import type { Trouble } from './identity-provider.ts';

const PASSWORD_ONLY: Ways = { password: true, oidc: null };

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
  const [ways, setWays] = useState<Ways>(PASSWORD_ONLY);
  const language = useLanguage();
  /** The password was right, and a code is needed with it. */
  const [coded, setCoded] = useState(false);
  useEffect(() => {
    // Without an answer there is still the password.
    api.session.ways().then(setWays, () => {});
  }, [api]);
  const { oidc: other, address } = ways;
  const elsewhere = lostCookie(problem) || isInsecureHere(address) ? address : undefined;

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setProblem(null);
    const code = form.get('code');
    api.session
      .signIn(
        String(form.get('username')),
        String(form.get('password')),
        code === null ? undefined : String(code),
      )
      .then(onSignedIn, (error) => {
        const said = problemOf(error);
        if (said.code === 'code_needed') setCoded(true);
        else setProblem(said);
      })
      .finally(() => setBusy(false));
  };

  return (
    <div class="login">
      <form onSubmit={submit}>
        <h1>
          <img src={at('/icon.svg')} alt="" width="36" height="36" /> {texts.product}
        </h1>
        <WaitingNote user={null} />
        {elsewhere === undefined && !lostCookie(problem) ? null : (
          <p class="problem" role="alert">
            {texts.cookieLost(location.origin)}{' '}
            {elsewhere === undefined ? null : <a href={elsewhere}>{elsewhere}</a>}
          </p>
        )}
        {ways.password ? (
          <>
            <label>
              {texts.username}
              <input name="username" autocomplete="username" required maxLength={64} autofocus />
            </label>
            <label>
              {texts.password}
              <input
                name="password"
                type="password"
                autocomplete="current-password"
                required
                maxLength={256}
              />
            </label>
            {coded ? (
              <label>
                {texts.signInCode}
                <input name="code" autocomplete="one-time-code" required maxLength={40} autofocus />
              </label>
            ) : null}
            {problem === null || lostCookie(problem) ? null : (
              <p class="problem" role="alert">
                {problemText(problem, texts)}
              </p>
            )}
            <button type="submit" class="primary" disabled={busy}>
              {busy ? texts.signingIn : texts.signIn}
            </button>
          </>
        ) : null}
        {other === null ? null : (
          <a class={ways.password ? 'button' : 'button primary'} href={other.path}>
            {other.label[language]}
          </a>
        )}
        {trouble === null || problem !== null ? null : (
          <p class="problem" role="alert">
            {texts.signInTrouble[trouble]}
          </p>
        )}
        {ways.password ? <p class="hint">{texts.signInHint}</p> : null}
        <Version />
        <p class="switches">
          <Switches onLanguage={onLanguage} onTheme={onTheme} />
        </p>
      </form>
    </div>
  );
}

function lostCookie(problem: Problem | null): boolean {
  return problem?.code === 'cookie_lost';
}

/** Whether this page came unencrypted though the gateway is meant to be reached by TLS: its cookies are for that only. */
function isInsecureHere(address: string | undefined): boolean {
  return !window.isSecureContext && address?.startsWith('https:') === true;
}
