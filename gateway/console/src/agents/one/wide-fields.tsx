/** What is set of the box as a whole: rules and budgets, with the values of its file where nothing is typed. */
import type { ConfigurationReport } from '@roadwatch/contract';
import {
  BOX_RANGES,
  type BoxNumber,
  CLIP_MODES,
  type ClipMode,
  LOG_LEVELS,
  type LogLevel,
  WHOLE_BOX_NUMBERS,
} from '@roadwatch/contract/box-ranges.ts';
import type { BoxSettings } from '@roadwatch/contract/box-settings.ts';
import { useAgentTexts } from '../texts/index.ts';
import { numberOf, withClips, withLevel, withNumber, withRoadUsers } from './draft.ts';
import { ChoiceField, Field } from './fields.tsx';

/** Left out of the file: as much as can be. */
const UNLIMITED: readonly BoxNumber[] = [
  ...(['uplink.megabytesPerDay', 'updates.kilobytesPerSecond', 'updates.megabytesPerDay'] as const),
];
const KEYS = Object.keys(BOX_RANGES) as BoxNumber[];
const GROUPS = {
  gate: KEYS.filter((key) => key.startsWith('look.') || key.startsWith('gate.')),
  verify: KEYS.filter((key) => key.startsWith('verify.')),
  ring: KEYS.filter((key) => key.startsWith('ring.')),
  outbox: KEYS.filter((key) => /^(uplink|outbox|updates)\./.test(key)),
} as const;

interface Props {
  readonly document: BoxSettings;
  readonly own: ConfigurationReport['own'];
  readonly disabled: boolean;
  readonly onChange: (document: BoxSettings) => void;
}

export function WideFields({ document, own, disabled, onChange }: Props) {
  const texts = useAgentTexts();
  const level = own?.log?.level;
  const clips = own?.evidence?.clips;
  const roadUsers = own?.verify?.roadUsers;
  return (
    <>
      {(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((group) => (
        <fieldset key={group} class="box-fields">
          <legend>{texts.groups[group]}</legend>
          {GROUPS[group].map((key) => (
            <Field
              key={key}
              path={key}
              label={texts.numbers[key]}
              hint={texts.between(BOX_RANGES[key].minimum, BOX_RANGES[key].maximum)}
            >
              <input
                type="number"
                name={key}
                min={BOX_RANGES[key].minimum}
                max={BOX_RANGES[key].maximum}
                step={WHOLE_BOX_NUMBERS.includes(key) ? 1 : 'any'}
                value={numberOf(document, key) ?? ''}
                placeholder={ownText(numberOf(own, key), key, texts.unlimited)}
                disabled={disabled}
                onInput={({ currentTarget: { value, valueAsNumber } }) =>
                  onChange(withNumber(document, key, value === '' ? null : valueAsNumber))
                }
              />
            </Field>
          ))}
          {group === 'verify' ? (
            <ChoiceField
              path="verify.roadUsers"
              label={texts.roadUsers}
              value={document.verify?.roadUsers === undefined ? '' : yesOrNo(document.verify.roadUsers)}
              choices={[
                ['', texts.asFile(roadUsers === undefined ? '…' : texts[yesOrNo(roadUsers)])],
                ['yes', texts.yes],
                ['no', texts.no],
              ]}
              disabled={disabled}
              onChange={(choice) =>
                onChange(withRoadUsers(document, choice === '' ? null : choice === 'yes'))
              }
            />
          ) : null}
          {group === 'ring' ? (
            <ChoiceField
              path="evidence.clips"
              label={texts.clips}
              value={document.evidence?.clips ?? ''}
              choices={[
                ['', texts.asFile(clips === undefined ? '…' : texts.clipModes[clips])],
                ...CLIP_MODES.map((mode) => [mode, texts.clipModes[mode]] as const),
              ]}
              disabled={disabled}
              onChange={(mode) => onChange(withClips(document, mode === '' ? null : (mode as ClipMode)))}
            />
          ) : null}
          {group === 'outbox' ? (
            <ChoiceField
              path="log"
              label={texts.logLevel}
              value={document.log?.level ?? ''}
              choices={[
                ['', texts.asFile(level === undefined ? '…' : texts.levels[level])],
                ...LOG_LEVELS.map((name) => [name, texts.levels[name]] as const),
              ]}
              disabled={disabled}
              onChange={(name) => onChange(withLevel(document, name === '' ? null : (name as LogLevel)))}
            />
          ) : null}
        </fieldset>
      ))}
    </>
  );
}

function yesOrNo(value: boolean): 'yes' | 'no' {
  return value ? 'yes' : 'no';
}

function ownText(value: number | null, key: BoxNumber, unlimited: string): string {
  if (value !== null) return String(value);
  return UNLIMITED.includes(key) ? unlimited : '';
}
