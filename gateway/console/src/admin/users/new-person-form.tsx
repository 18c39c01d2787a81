/** Somebody new: a name and what they may do; the gateway makes the password. */
import type { NewPerson, Standing } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { useAdminTexts } from '../texts/index.ts';
import { StandingFields } from './standing.tsx';

export function NewPersonForm({ onMake }: { readonly onMake: (wanted: NewPerson) => Promise<void> }) {
  const { users: texts } = useAdminTexts();
  const [standing, setStanding] = useState<Standing>({ role: 'operator', unitId: null });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void onMake({ username: String(new FormData(form).get('username')), ...standing }).then(() =>
      form.reset(),
    );
  };
  return (
    <form class="new-token" onSubmit={submit}>
      <label>
        {texts.name}
        <input
          name="username"
          required
          autocomplete="off"
          pattern="[a-z0-9][a-z0-9._\-]{0,62}"
          title={texts.nameHint}
        />
      </label>
      <StandingFields standing={standing} onChange={setStanding} />
      <button type="submit" class="primary">
        {texts.make}
      </button>
    </form>
  );
}
