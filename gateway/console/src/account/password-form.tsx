/** A new password of one's own. */
import { useState } from 'preact/hooks';
import { ProblemNote } from '../shared/api/problem-note.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useTexts } from '../shared/texts/language.ts';
import { useForm } from './use-form.ts';

const SHORTEST = 12;
const LONGEST = 256;

export function PasswordForm() {
  const all = useTexts();
  const { account: texts } = all;
  const api = useApi();
  const [changed, setChanged] = useState(false);
  const form = useForm(async (fields, element) => {
    setChanged(false);
    await api.session.changePassword(fields.old ?? '', fields.new ?? '');
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
      <ProblemNote problem={form.problem} />
      {changed ? <p role="status">{texts.changed}</p> : null}
      <button type="submit" class="primary" disabled={form.busy}>
        {texts.change}
      </button>
    </form>
  );
}
