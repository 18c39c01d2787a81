/** How long what is kept is kept, and the city's own codes for other systems. */
import type { CodeSettings, RetentionSettings } from '@roadwatch/contract/api';
import { RANGES } from '@roadwatch/contract/settings-ranges.ts';
import { useLanguage } from '../shared/texts/language.ts';
import { ALERTING, given } from './damage-classes.ts';
import { Field, NumberField } from './settings/field.tsx';
import { SettingsFrame } from './settings/frame.tsx';
import { useSettings } from './settings/use-settings.ts';
import { useAdminTexts } from './texts/index.ts';

const DAYS = ['evidenceDays', 'rejectedDays', 'refusedDays'] as const;
const RETENTION = {
  section: 'retention',
  draftOf: (document: RetentionSettings) => document,
  sentOf: (draft: RetentionSettings) => draft,
} as const;
const CODES = {
  section: 'codes',
  draftOf: (document: CodeSettings) => document,
  sentOf: (draft: CodeSettings) => draft,
} as const;

export function Retention() {
  const { pages, retention: texts } = useAdminTexts();
  const settings = useSettings(RETENTION);
  const { draft, set } = settings;
  return (
    <>
      <SettingsFrame section="retention" title={pages.retention} hint={texts.hint} settings={settings}>
        {draft === null ? null : (
          <div class="fields">
            {DAYS.map((key) => (
              <NumberField
                key={key}
                path={key}
                label={texts[key]}
                range={RANGES[key]}
                whole
                value={draft[key]}
                onChange={(value) => set({ ...draft, [key]: value })}
              />
            ))}
          </div>
        )}
      </SettingsFrame>
      <Codes />
    </>
  );
}

function Codes() {
  const { retention: texts } = useAdminTexts();
  const language = useLanguage();
  const settings = useSettings(CODES);
  const { draft, set } = settings;
  return (
    <SettingsFrame section="codes" title={texts.codes} hint={texts.codesHint} settings={settings}>
      {draft === null ? null : (
        <div class="fields">
          {ALERTING.map(({ name, label }) => (
            <Field key={name} path={`eventCodes.${name}`} label={label[language]}>
              <input
                maxLength={40}
                value={draft.eventCodes[name] ?? ''}
                onInput={({ currentTarget }) =>
                  set({ eventCodes: given({ ...draft.eventCodes, [name]: currentTarget.value }) })
                }
              />
            </Field>
          ))}
        </div>
      )}
    </SettingsFrame>
  );
}
