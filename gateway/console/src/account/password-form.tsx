/** A new password of one's own. */
import { useState } from 'preact/hooks';
import { useApi } from '../shared/hooks.ts';
import { useTexts } from '../shared/language.ts';
import { SayTrouble, useForm } from './use-form.tsx';

const SHORTEST = 12;
const LONGEST = 256;

export function PasswordForm() {
  const all = useTexts();
  const { account: texts } = all;
  const api = useApi();
  const [changed, setChanged] = useState(false);
  const form = useForm(async (fields, element) => {
    setChanged(false);
    await api.changePassword(fields.old ?? '', fields.new ?? '');
    element.reset();
    setChanged(true);
  });
  return (
    <form onSubmit={form.submit}>
      <h2>{texts.changePassword}</h2>
      <label>
        {texts.old}
        <input name="old" type="password" autocomplete="current-password" required maxLength={LONGEST} />
      </label>
      <label>
        {texts.fresh}
        <input
          name="new"
          type="password"
          autocomplete="new-password"
          required
          minLength={SHORTEST}
          maxLength={LONGEST}
        />
      </label>
      <p class="hint">{texts.passwordHint(SHORTEST)}</p>
      <SayTrouble problem={form.problem} />
      {changed ? <p role="status">{texts.changed}</p> : null}
      <button type="submit" class="primary" disabled={form.busy}>
        {texts.change}
      </button>
    </form>
  );
}
