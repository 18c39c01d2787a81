/** One's own password and second factor. */
import { useState } from 'preact/hooks';
import { useApi } from '../shared/api/use-api.ts';
import { useTexts } from '../shared/texts/language.ts';
import { Version } from '../shell/version.tsx';
import { PasswordForm } from './password-form.tsx';
import { SecondFactor } from './second-factor.tsx';

export function Account({ onSetUp }: { readonly onSetUp: () => void }) {
  const { account: texts } = useTexts();
  const api = useApi();
  const [on, setOn] = useState(api.session.account.secondFactor);
  const { password, mustSetUp } = api.session.account;
  return (
    <section class="page account">
      <header class="bar">
        <h1>{texts.title}</h1>
      </header>
      {mustSetUp && !on ? (
        <p class="problem" role="alert">
          {texts.mustSetUp}
        </p>
      ) : null}
      {password ? (
        <>
          <SecondFactor
            on={on}
            onChange={(now) => {
              api.session.account = { ...api.session.account, secondFactor: now };
              setOn(now);
            }}
            onDone={onSetUp}
          />
          <PasswordForm />
        </>
      ) : (
        <p class="hint">{texts.elsewhere}</p>
      )}
      <Version />
    </section>
  );
}
