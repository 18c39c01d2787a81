/** A figure as people read it, and how it has changed. */
import type { Figure, FigureName } from '@roadwatch/contract/api';
import { FIGURE_TEXTS } from '@roadwatch/contract/codes';
import type { Language, Texts } from '../shared/texts/index.ts';

const HOUR = 60;
const DAY = 24 * HOUR;

/** `92.3%`, `1,204`, `3.4 h`; null when there is nothing to reckon it from. */
export function figureText(
  name: FigureName,
  { value }: Pick<Figure, 'value'>,
  language: Language,
  { figures: texts }: Pick<Texts, 'figures'>,
): string | null {
  if (value === null) return null;
  const number = (digits: number, of = value): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(of);
  switch (FIGURE_TEXTS[name].kind) {
    case 'count':
      return number(0);
    case 'share':
      return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value);
    case 'ms': {
      const minutes = value / 60_000;
      if (minutes < HOUR) return texts.minutes(number(minutes < 10 ? 1 : 0, minutes));
      return minutes < 2 * DAY
        ? texts.hours(number(1, minutes / HOUR))
        : texts.days(number(1, minutes / DAY));
    }
  }
}

export interface Change {
  /** `+12%` of counts and times, `-1.4 points` of shares. */
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'same';
}

/** Null when one of them has no value, or nothing was there to grow from. */
export function changeOf(
  name: FigureName,
  now: Figure,
  before: Figure,
  language: Language,
  { figures: texts }: Pick<Texts, 'figures'>,
): Change | null {
  if (now.value === null || before.value === null) return null;
  const { kind, better } = FIGURE_TEXTS[name];
  const difference = now.value - before.value;
  if (kind !== 'share' && before.value === 0) return difference === 0 ? { text: '0%', tone: 'same' } : null;
  const signed = new Intl.NumberFormat(language, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const text =
    kind === 'share'
      ? texts.points(signed.format(difference * 100))
      : `${signed.format((difference / before.value) * 100)}%`;
  const up = difference > 0;
  const tone = difference === 0 || better === null ? 'same' : up === (better === 'more') ? 'good' : 'bad';
  return { text, tone };
}
