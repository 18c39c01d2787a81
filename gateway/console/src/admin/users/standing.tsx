/** Role, and the unit that somebody in the role unit belongs to. */
import type { Standing } from '@roadwatch/contract/api';
import { ROLES, type Role } from '@roadwatch/contract/api/vocabulary.ts';
import { useApi } from '../../shared/api/use-api.ts';
import { useLoaded } from '../../shared/api/use-loaded.ts';
import { useLanguage, useTexts } from '../../shared/texts/language.ts';
import { useAdminTexts } from '../texts/index.ts';

interface Props {
  readonly standing: Standing;
  readonly onChange: (standing: Standing) => void;
}

export function StandingFields({ standing: { role, unitId }, onChange }: Props) {
  const { roles } = useTexts();
  const { users: texts } = useAdminTexts();
  const language = useLanguage();
  const api = useApi();
  const units = useLoaded(() => api.field.units(), ['settings'], 'units').value ?? [];
  return (
    <>
      <label>
        {texts.role}
        <select
          name="role"
          value={role}
          onChange={({ currentTarget }) => {
            const now = currentTarget.value as Role;
            onChange({ role: now, unitId: now === 'unit' ? (units[0]?.id ?? null) : null });
          }}
        >
          {ROLES.map((name) => (
            <option key={name} value={name}>
              {roles[name]}
            </option>
          ))}
        </select>
      </label>
      {role === 'unit' ? (
        <label>
          {texts.unit}
          <select
            name="unit"
            value={unitId ?? ''}
            onChange={({ currentTarget }) => onChange({ role, unitId: currentTarget.value })}
          >
            {units.map(({ id, name }) => (
              <option key={id} value={id}>
                {name[language]}
              </option>
            ))}
          </select>
        </label>
      ) : null}
    </>
  );
}
