/** What a new token is for. */

import type { NewToken, Scope } from '@roadwatch/contract/api';
import { SCOPES } from '@roadwatch/contract/api/vocabulary.ts';
import { useState } from 'preact/hooks';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 1826;
/** What the token of a unit may have; the gateway refuses others. */
const OF_UNITS: readonly Scope[] = ['tickets:read', 'tickets:write'];

export function NewTokenForm({ onMake }: { readonly onMake: (wanted: NewToken) => Promise<void> }) {
  const { tokens: texts } = useTexts();
  const language = useLanguage();
  const api = useApi();
  const { value: units } = useLoaded(() => api.field.units(), [], 'units');
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const [unitId, setUnitId] = useState('');
  const offered = unitId === '' ? SCOPES : OF_UNITS;
  const chosen = scopes.filter((scope) => offered.includes(scope));
  const toggle = (scope: Scope): void =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const expiresAt = new Date(api.now() + Number(form.get('days')) * DAY_MS).toISOString();
    const unit = unitId === '' ? {} : { unitId };
    void onMake({ name: String(form.get('name')), scopes: chosen, expiresAt, ...unit });
  };
  return (
    <form class="new-token" onSubmit={submit}>
      <label>
        {texts.name}
        <input name="name" required pattern="[a-z0-9][a-z0-9._\-]{0,62}" title={texts.nameHint} />
      </label>
      <label>
        {texts.days}
        <input name="days" type="number" required min={1} max={LONGEST_DAYS} defaultValue={365} />
      </label>
      <label>
        {texts.unit}
        <select value={unitId} onChange={(event) => setUnitId(event.currentTarget.value)}>
          <option value="">{texts.allUnits}</option>
          {(units ?? []).map(({ id, name }) => (
            <option key={id} value={id}>
              {name[language]}
            </option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend>{texts.scopes}</legend>
        {offered.map((scope) => (
          <label key={scope}>
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />{' '}
            {texts.scope[scope]}
          </label>
        ))}
      </fieldset>
      <button type="submit" class="primary" disabled={chosen.length === 0}>
        {texts.make}
      </button>
    </form>
  );
}
