/** How long everything may take, by the class of the damage, and which time counts. */
import type { DeadlineSettings } from '@roadwatch/contract/api';
import { COUNTED_TIMES, type CountedTime } from '@roadwatch/contract/api/vocabulary.ts';
import { RANGES } from '@roadwatch/contract/settings-ranges.ts';
import { useState } from 'preact/hooks';
import { type Problem, problemOf } from '../shared/api/problem.ts';
import { ProblemNote } from '../shared/api/problem-note.tsx';
import { useApi } from '../shared/api/use-api.ts';
import { useLanguage } from '../shared/texts/language.ts';
import { ALERTING, given } from './damage-classes.ts';
import { NumberField } from './settings/field.tsx';
import { SettingsFrame } from './settings/frame.tsx';
import { useSettings } from './settings/use-settings.ts';
import { useAdminTexts } from './texts/index.ts';

const TIMES = [
  'responseMinutes',
  'sceneLookMinutes',
  'handoverMinutes',
  'reviewMinutes',
  'reworkHours',
] as const;
const CLOCKS = ['response', 'sceneLook', 'resolution', 'rework', 'review'] as const;

const FORM = {
  section: 'deadlines',
  draftOf: (document: DeadlineSettings) => document,
  sentOf: (draft: DeadlineSettings) => draft,
} as const;

export function Deadlines() {
  const texts = useAdminTexts();
  const language = useLanguage();
  const settings = useSettings(FORM);
  const { draft, set } = settings;
  return (
    <SettingsFrame
      section="deadlines"
      title={texts.pages.deadlines}
      hint={texts.deadlines.hint}
      settings={settings}
    >
      {draft === null ? null : (
        <>
          <div class="fields">
            {TIMES.map((key) => (
              <NumberField
                key={key}
                path={key}
                label={texts.deadlines[key]}
                range={RANGES[key]}
                value={draft[key]}
                onChange={(value) => set({ ...draft, [key]: value })}
              />
            ))}
          </div>
          <h2>{texts.deadlines.byClass}</h2>
          <div class="fields">
            {ALERTING.map(({ name, label }) => (
              <NumberField
                key={name}
                path={`resolutionHours.${name}`}
                label={`${label[language]}: ${texts.deadlines.resolution}`}
                range={RANGES.resolutionHours}
                placeholder={texts.deadlines.none}
                value={draft.resolutionHours[name] ?? null}
                onChange={(value) =>
                  set({ ...draft, resolutionHours: given({ ...draft.resolutionHours, [name]: value }) })
                }
              />
            ))}
          </div>
          <Counts draft={draft} set={set} />
          <Recalculate />
        </>
      )}
    </SettingsFrame>
  );
}

interface CountsProps {
  readonly draft: DeadlineSettings;
  readonly set: (draft: DeadlineSettings) => void;
}

/** A row for all classes, and one for each. */
function Counts({ draft, set }: CountsProps) {
  const { deadlines: texts } = useAdminTexts();
  const language = useLanguage();
  const ofClass = (
    name: (typeof ALERTING)[number]['name'],
    clock: string,
    counts: CountedTime | '',
  ): void => {
    const { [clock]: _, ...others } = (draft.countByClass[name] ?? {}) as Record<string, CountedTime>;
    const own = counts === '' ? others : { ...others, [clock]: counts };
    const { [name]: __, ...rest } = draft.countByClass;
    set({ ...draft, countByClass: Object.keys(own).length === 0 ? rest : { ...rest, [name]: own } });
  };
  return (
    <>
      <h2>{texts.counts}</h2>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th />
              {CLOCKS.map((clock) => (
                <th key={clock}>{texts.clock[clock]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>{texts.allClasses}</td>
              {CLOCKS.map((clock) => (
                <td key={clock}>
                  <CountChoice
                    label={texts.clock[clock]}
                    value={draft.count[clock]}
                    onChange={(counts) => set({ ...draft, count: { ...draft.count, [clock]: counts } })}
                  />
                </td>
              ))}
            </tr>
            {ALERTING.map(({ name, label }) => (
              <tr key={name}>
                <td>{label[language]}</td>
                {CLOCKS.map((clock) => (
                  <td key={clock}>
                    <CountChoice
                      label={`${label[language]}: ${texts.clock[clock]}`}
                      value={draft.countByClass[name]?.[clock] ?? ''}
                      inherits
                      onChange={(counts) => ofClass(name, clock, counts)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: CountedTime | '';
  readonly inherits?: boolean;
  readonly onChange: (value: CountedTime | '') => void;
}

function CountChoice({ label, value, inherits, onChange }: ChoiceProps) {
  const { deadlines: texts } = useAdminTexts();
  return (
    <select
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value as CountedTime | '')}
    >
      {inherits ? <option value="">{texts.same}</option> : null}
      {COUNTED_TIMES.map((counts) => (
        <option key={counts} value={counts}>
          {texts[counts]}
        </option>
      ))}
    </select>
  );
}

function Recalculate() {
  const { deadlines: texts } = useAdminTexts();
  const api = useApi();
  const [said, setSaid] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const recalculate = (): void => {
    if (!confirm(texts.recalculateSure)) return;
    setProblem(null);
    api.admin.recalculate().then(
      ({ clocks }) => setSaid(texts.recalculated(clocks)),
      (error) => setProblem(problemOf(error)),
    );
  };
  return (
    <div class="bar">
      <button type="button" onClick={recalculate}>
        {texts.recalculate}
      </button>
      <span role="status">{said}</span>
      <ProblemNote problem={problem} />
    </div>
  );
}
