/** What every trial order says, and how it is told what came of it. */
import { type Answered, type Failure, shortened } from '../outbound/http-call.ts';

export const SENTENCE = {
  en: 'A trial order from Roadwatch: there is no ticket, and nothing to do.',
  zh: '道路巡检系统试发：并无工单，无需处理。',
} as const;

export interface Trial {
  readonly ok: boolean;
  /** What was tried and what the unit's system said, a line each. */
  readonly lines: readonly string[];
}

export function trialOf(tried: string, answer: Answered | Failure): Trial {
  if (!answer.ok) return { ok: false, lines: [tried, answer.error] };
  return { ok: true, lines: [tried, `${answer.status} ${shortened(answer.text)}`.trim()] };
}
