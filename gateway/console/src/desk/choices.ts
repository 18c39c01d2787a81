/** What a digit chooses once N or S has opened its menu. */
import type { Texts } from '../shared/texts/index.ts';
import type { WallClock } from '../shared/time/time.ts';

export const SHELVE_CHOICES = [
  'hour',
  'fourHours',
  'morning',
  'day',
] as const satisfies readonly (keyof Texts['shelveChoice'])[];
export type ShelveChoice = (typeof SHELVE_CHOICES)[number];

const HOUR_MS = 3_600_000;
const MORNING_HOUR = 7;

/** Until when; the morning is the city's. */
export function shelveUntil(choice: ShelveChoice, now: number, wall: Pick<WallClock, 'nextHour'>): number {
  switch (choice) {
    case 'hour':
      return now + HOUR_MS;
    case 'fourHours':
      return now + 4 * HOUR_MS;
    case 'day':
      return now + 24 * HOUR_MS;
    case 'morning':
      return wall.nextHour(MORNING_HOUR, now);
  }
}
