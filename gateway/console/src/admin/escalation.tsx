/** Who is told when time runs out, and what no clock says: a row for each step, a column for each role. */
import type { EscalationSettings } from '@roadwatch/contract/api';
import { ROLES, type Role } from '@roadwatch/contract/api/vocabulary.ts';
import { useTexts } from '../shared/texts/language.ts';
import { SettingsFrame } from './settings/frame.tsx';
import { useSettings } from './settings/use-settings.ts';
import { useAdminTexts } from './texts/index.ts';

const LADDERS = ['deadline', 'sceneLook', 'handover', 'review', 'suspension'] as const;
const EVENTS = [
  'undelivered',
  'inspectionFailed',
  'inspectionUndecided',
  'nobodyThere',
  'extensionAsked',
] as const;

const FORM = {
  section: 'escalation',
  draftOf: (document: EscalationSettings) => document,
  sentOf: (draft: EscalationSettings) => draft,
} as const;

export function Escalation() {
  const { pages, escalation: texts } = useAdminTexts();
  const { roles } = useTexts();
  const settings = useSettings(FORM);
  const { draft, set } = settings;
  return (
    <SettingsFrame section="escalation" title={pages.escalation} hint={texts.hint} settings={settings}>
      {draft === null ? null : (
        <div class="scroll">
          <table class="grid">
            <thead>
              <tr>
                <th>{texts.event}</th>
                {ROLES.map((role) => (
                  <th key={role}>{roles[role]}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {LADDERS.flatMap((ladder) =>
                Object.entries(draft[ladder] as Readonly<Record<string, readonly Role[]>>).map(
                  ([percent, told]) => (
                    <Row
                      key={`${ladder} ${percent}`}
                      name={`${texts[ladder]}: ${percent}%`}
                      told={told}
                      onChange={(now) => set({ ...draft, [ladder]: { ...draft[ladder], [percent]: now } })}
                    />
                  ),
                ),
              )}
              {EVENTS.map((event) => (
                <Row
                  key={event}
                  name={texts[event]}
                  told={draft[event]}
                  onChange={(now) => set({ ...draft, [event]: now })}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </SettingsFrame>
  );
}

interface RowProps {
  readonly name: string;
  readonly told: readonly Role[];
  readonly onChange: (told: readonly Role[]) => void;
}

function Row({ name, told, onChange }: RowProps) {
  const { roles } = useTexts();
  return (
    <tr>
      <td>{name}</td>
      {ROLES.map((role) => (
        <td key={role}>
          <input
            type="checkbox"
            aria-label={`${name}: ${roles[role]}`}
            checked={told.includes(role)}
            onChange={() =>
              onChange(told.includes(role) ? told.filter((one) => one !== role) : [...told, role])
            }
          />
        </td>
      ))}
    </tr>
  );
}
