/** Working hours, working days, holidays, and the days that are worked in exchange (调休). */
import type { CalendarSettings } from '@roadwatch/contract/api';
import { Field, useFieldProblem } from './settings/field.tsx';
import { SettingsFrame } from './settings/frame.tsx';
import { useSettings } from './settings/use-settings.ts';
import { useAdminTexts } from './texts/index.ts';

interface Draft extends Omit<CalendarSettings, 'hours'> {
  /** One line each. */
  readonly hours: string;
}

const FORM = {
  section: 'calendar',
  draftOf: ({ hours, ...document }: CalendarSettings): Draft => ({ ...document, hours: hours.join('\n') }),
  sentOf: ({ hours, ...draft }: Draft): CalendarSettings => ({
    ...draft,
    hours: hours
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  }),
} as const;
const WEEK = [1, 2, 3, 4, 5, 6, 7] as const;

export function Calendar() {
  const { pages, calendar: texts } = useAdminTexts();
  const settings = useSettings(FORM);
  const { draft, set } = settings;
  return (
    <SettingsFrame section="calendar" title={pages.calendar} hint={texts.hint} settings={settings}>
      {draft === null ? null : (
        <>
          <Field path="hours" label={texts.hours}>
            <textarea
              rows={3}
              value={draft.hours}
              onInput={({ currentTarget }) => set({ ...draft, hours: currentTarget.value })}
            />
          </Field>
          <Weekdays days={draft.weekdays} onChange={(weekdays) => set({ ...draft, weekdays })} />
          <Days
            path="holidays"
            label={texts.holidays}
            days={draft.holidays}
            onChange={(holidays) => set({ ...draft, holidays })}
          />
          <Days
            path="workdays"
            label={texts.workdays}
            days={draft.workdays}
            onChange={(workdays) => set({ ...draft, workdays })}
          />
        </>
      )}
    </SettingsFrame>
  );
}

interface WeekProps {
  readonly days: readonly number[];
  readonly onChange: (days: readonly number[]) => void;
}

function Weekdays({ days, onChange }: WeekProps) {
  const { calendar: texts } = useAdminTexts();
  const problem = useFieldProblem('weekdays');
  return (
    <fieldset class="checks">
      <legend>{texts.weekdays}</legend>
      {WEEK.map((day) => (
        <label key={day}>
          <input
            type="checkbox"
            checked={days.includes(day)}
            onChange={() =>
              onChange(days.includes(day) ? days.filter((one) => one !== day) : [...days, day].sort())
            }
          />
          {texts.day[day - 1]}
        </label>
      ))}
      {problem === null ? null : <small class="problem">{problem}</small>}
    </fieldset>
  );
}

interface DaysProps {
  readonly path: string;
  readonly label: string;
  /** Dates, or FIRST/LAST. */
  readonly days: readonly string[];
  readonly onChange: (days: readonly string[]) => void;
}

function Days({ path, label, days, onChange }: DaysProps) {
  const texts = useAdminTexts();
  const put = (index: number, first: string, last: string): void =>
    onChange(days.with(index, last === '' || last === first ? first : `${first}/${last}`));
  return (
    <fieldset class="days">
      <legend>{label}</legend>
      {days.map((text, index) => {
        const [first = '', last = ''] = text.split('/');
        return (
          <div class="bar" key={index}>
            <input
              type="date"
              aria-label={`${label}: ${texts.calendar.from}`}
              value={first}
              onInput={({ currentTarget }) => put(index, currentTarget.value, last)}
            />
            –
            <input
              type="date"
              aria-label={`${label}: ${texts.calendar.to}`}
              value={last}
              onInput={({ currentTarget }) => put(index, first, currentTarget.value)}
            />
            <button type="button" class="quiet" onClick={() => onChange(days.toSpliced(index, 1))}>
              {texts.remove}
            </button>
            <DayProblem path={`${path}.${index}`} />
          </div>
        );
      })}
      <button type="button" onClick={() => onChange([...days, ''])}>
        {texts.add}
      </button>
    </fieldset>
  );
}

function DayProblem({ path }: { readonly path: string }) {
  const problem = useFieldProblem(path);
  return problem === null ? null : (
    <small class="problem" role="alert">
      {problem}
    </small>
  );
}
