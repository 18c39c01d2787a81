/** Setting up a second factor: the password, a QR code for the app, a first code of it, and the recovery codes, shown once. */

import type { FactorBegun } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { ProblemNote } from '../shared/api/problem-note.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useForm } from './use-form.ts';

interface Props {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  /** When the recovery codes have been seen. */
  readonly onDone: () => void;
}

export function SecondFactor({ on, onChange, onDone }: Props) {
  const { account: texts } = useTexts();
  const api = useApi();
  const [begun, setBegun] = useState<FactorBegun | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const form = useForm(async (fields) => {
    if (on) {
      await api.session.dropSecondFactor(fields.password ?? '', fields.code ?? '');
      onChange(false);
    } else if (begun === null) setBegun(await api.session.beginSecondFactor(fields.password ?? ''));
    else {
      setCodes(await api.session.confirmSecondFactor(fields.code ?? ''));
      setBegun(null);
      onChange(true);
    }
  });
  if (codes !== null)
    return (
      <section class="factor">
        <h2>{texts.recoveryCodes}</h2>
        <p>{texts.recoveryHint}</p>
        <pre class="figures">{codes.map((code) => code.match(/.{5}/g)?.join('-')).join('\n')}</pre>
        <button
          type="button"
          class="primary"
          onClick={() => {
            setCodes(null);
            onDone();
          }}
        >
          {texts.kept}
        </button>
      </section>
    );
  return (
    <form class="factor" onSubmit={form.submit} key={`${on} ${begun === null}`}>
      <h2>{texts.secondFactor}</h2>
      <p class="hint">{on ? texts.isOn : begun === null ? texts.factorHint : texts.scan}</p>
      {begun === null ? (
        <label>
          {texts.old}
          <input name="password" type="password" autocomplete="current-password" required maxLength={256} />
        </label>
      ) : (
        <>
          <img
            class="qr"
            src={`data:image/svg+xml,${encodeURIComponent(begun.qr)}`}
            alt={texts.qr}
            width="220"
            height="220"
          />
          <label>
            {texts.byHand}
            <input value={begun.secret} readOnly onFocus={(event) => event.currentTarget.select()} />
          </label>
        </>
      )}
      {on || begun !== null ? (
        <label>
          {texts.code}
          <input name="code" inputMode="numeric" autocomplete="one-time-code" required maxLength={40} />
        </label>
      ) : null}
      <ProblemNote problem={form.problem} />
      <button type="submit" class={on ? 'danger' : 'primary'} disabled={form.busy}>
        {on ? texts.turnOff : begun === null ? texts.setUp : texts.turnOn}
      </button>
    </form>
  );
}
