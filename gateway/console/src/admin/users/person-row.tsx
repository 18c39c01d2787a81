/** One person, and everything that an admin can do for them. */
import type { Person, Standing } from '@roadwatch/contract/api';
import { useState } from 'preact/hooks';
import { useTexts } from '../../shared/texts/language.ts';
import { useAdminTexts } from '../texts/index.ts';
import { StandingFields } from './standing.tsx';

interface Acts {
  readonly change: (person: Person, standing: Standing) => void;
  readonly reset: (person: Person) => void;
  readonly disable: (person: Person) => void;
  readonly enable: (person: Person) => void;
  readonly signOut: (person: Person) => void;
  readonly factorOff: (person: Person) => void;
}

export function PersonRow({ person, act }: { readonly person: Person; readonly act: Acts }) {
  const { roles } = useTexts();
  const all = useAdminTexts();
  const { users: texts } = all;
  const [standing, setStanding] = useState<Standing | null>(null);
  const { username, role, unitId, disabledAt, local, secondFactor, sessions } = person;
  const asked = (question: string, work: (person: Person) => void) => () => {
    if (confirm(question)) work(person);
  };
  return (
    <tr>
      <td>{username}</td>
      <td>
        {standing === null ? (
          <>
            {roles[role]} {unitId === null ? null : <small>{unitId}</small>}
          </>
        ) : (
          <div class="bar">
            <StandingFields standing={standing} onChange={setStanding} />
            <button
              type="button"
              class="primary"
              onClick={() => {
                act.change(person, standing);
                setStanding(null);
              }}
            >
              {all.save}
            </button>
          </div>
        )}
      </td>
      <td>
        <span class={disabledAt === null ? 'mark good' : 'mark over'}>
          {disabledAt === null ? texts.active : texts.disabled}
        </span>
        <small>
          {[
            ...(local ? [] : [texts.elsewhere]),
            ...(secondFactor ? [`${texts.secondFactor}: ${texts.on}`] : []),
            ...(sessions > 0 ? [texts.sessions(sessions)] : []),
          ].join(' · ')}
        </small>
      </td>
      <td>
        <div class="acts">
          {local ? (
            <>
              <button type="button" onClick={() => setStanding(standing === null ? { role, unitId } : null)}>
                {texts.change}
              </button>
              <button type="button" onClick={asked(texts.resetSure(username), act.reset)}>
                {texts.reset}
              </button>
            </>
          ) : null}
          {secondFactor ? (
            <button type="button" onClick={asked(texts.factorSure(username), act.factorOff)}>
              {texts.factorOff}
            </button>
          ) : null}
          {sessions > 0 ? (
            <button type="button" onClick={() => act.signOut(person)}>
              {texts.signOut}
            </button>
          ) : null}
          {disabledAt === null ? (
            <button type="button" class="danger" onClick={asked(texts.disableSure(username), act.disable)}>
              {texts.disable}
            </button>
          ) : (
            <button type="button" onClick={() => act.enable(person)}>
              {texts.enable}
            </button>
          )}
        </div>
      </td>
    </tr>
  );
}
