/** Whom to call at a unit. */
import type { UnitSettings } from '@roadwatch/contract/api';
import { MAX_CONTACTS } from '@roadwatch/contract/settings-ranges.ts';
import { useFieldProblem } from '../settings/field.tsx';
import { useAdminTexts } from '../texts/index.ts';

type Contact = UnitSettings['contacts'][number];

interface Props {
  readonly path: string;
  readonly contacts: readonly Contact[];
  readonly onChange: (contacts: readonly Contact[]) => void;
}

export function Contacts({ path, contacts, onChange }: Props) {
  const texts = useAdminTexts();
  const problem = useFieldProblem(path);
  const { units } = texts;
  const put = (index: number, change: Partial<Contact>): void =>
    onChange(contacts.with(index, { ...(contacts[index] as Contact), ...change }));
  return (
    <fieldset class="days">
      <legend>{units.contacts}</legend>
      {contacts.map(({ name, telephone, email }, index) => (
        <div class="bar" key={index}>
          <input
            aria-label={units.contactName}
            placeholder={units.contactName}
            maxLength={100}
            value={name}
            onInput={({ currentTarget }) => put(index, { name: currentTarget.value })}
          />
          <input
            type="tel"
            aria-label={units.telephone}
            placeholder={units.telephone}
            maxLength={40}
            value={telephone ?? ''}
            onInput={({ currentTarget }) => put(index, { telephone: currentTarget.value || null })}
          />
          <input
            type="email"
            aria-label={units.email}
            placeholder={units.email}
            maxLength={254}
            value={email ?? ''}
            onInput={({ currentTarget }) => put(index, { email: currentTarget.value || null })}
          />
          <button type="button" class="quiet" onClick={() => onChange(contacts.toSpliced(index, 1))}>
            {texts.remove}
          </button>
        </div>
      ))}
      {problem === null ? null : (
        <small class="problem" role="alert">
          {problem}
        </small>
      )}
      {contacts.length < MAX_CONTACTS ? (
        <button
          type="button"
          onClick={() => onChange([...contacts, { name: '', telephone: null, email: null }])}
        >
          {texts.add}
        </button>
      ) : null}
    </fieldset>
  );
}
