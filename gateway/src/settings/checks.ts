/** What no schema says of a document: how its values must go together. Each problem stands beside its field, in both languages. */
import type { FieldProblem, SettingsSection } from '@roadwatch/contract/api';
import { calendarProblems } from '../calendar/working-time.ts';
import type { Documents } from './documents.ts';

/** Those with secrets are checked while these are sealed. */
type Checked = Exclude<SettingsSection, 'units' | 'operations'>;
type Checks = { readonly [Section in Checked]: (document: Documents[Section]) => readonly FieldProblem[] };

const CHECKS: Checks = {
  calendar: (calendar) =>
    calendarProblems(calendar).map((problem) => {
      const [, key = '', , index, en = problem] = /^(\w+)(\[(\d+)\])?: (.*)$/s.exec(problem) ?? [];
      return {
        path: index === undefined ? key : `${key}.${index}`,
        en,
        zh: CALENDAR_ZH[key] ?? '不符合要求',
      };
    }),
  deadlines: () => [],
  escalation: () => [],
  retention: ({ evidenceDays, rejectedDays }) =>
    rejectedDays <= evidenceDays
      ? []
      : [
          {
            path: 'rejectedDays',
            en: `must not be longer than the ${evidenceDays} days of all other pictures`,
            zh: `不得长于其他图片的 ${evidenceDays} 天`,
          },
        ],
  codes: () => [],
};

const CALENDAR_ZH: Readonly<Record<string, string>> = {
  hours: '应为工作时段，如 08:30-12:00，按先后排列且不重叠，至少一段',
  weekdays: '至少选择一个工作日',
  holidays: '应为日期，如 2026-10-01，或 起始/截止（不超过一年）',
  workdays: '应为日期，如 2026-10-10，或 起始/截止（不超过一年）',
};

export function problemsOf<Section extends Checked>(
  section: Section,
  document: Documents[Section],
): readonly FieldProblem[] {
  return CHECKS[section](document);
}
