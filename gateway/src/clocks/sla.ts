/** The SLA: how long each clock of a ticket runs, and in which time, by the class of the damage. */
import type { DamageClass } from '@roadwatch/contract';
import type { ClockKind } from '@roadwatch/contract/api';
import type { Counts } from '../calendar/working-time.ts';
import type { Config } from '../config/config.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface ClockTime {
  readonly kind: ClockKind;
  readonly durationMs: number;
  readonly counts: Counts;
}

type TimesConfig = Pick<Config, 'clocks' | 'dispatch'>;

/** What begins once the unit has the ticket. There is no resolution clock for a class without a time to repair. */
export function timesOf(clocks: Config['clocks'], name: DamageClass): ClockTime[] {
  const hours = (clocks.resolutionHours as Readonly<Record<string, number | undefined>>)[name];
  const times = [
    time(clocks, name, 'response', clocks.responseMinutes * MINUTE_MS),
    time(clocks, name, 'scene_look', clocks.sceneLookMinutes * MINUTE_MS),
  ];
  return hours === undefined ? times : [...times, time(clocks, name, 'resolution', hours * HOUR_MS)];
}

/** From when the repair was refused until it has been done again. */
export function reworkTime(clocks: Config['clocks'], name: DamageClass): ClockTime {
  return time(clocks, name, 'rework', clocks.reworkHours * HOUR_MS);
}

/** From when somebody can judge the repair until somebody has. */
export function reviewTime(clocks: Config['clocks'], name: DamageClass): ClockTime {
  return time(clocks, name, 'review', clocks.reviewMinutes * MINUTE_MS);
}

/**
 * From the confirmation until the unit has the ticket: the seconds in which it can be taken back, and the time that a way to the
 * unit may take, which is never longer than what the unit then has to respond in. Round the clock, as machines are.
 */
export function handoverTime({ clocks, dispatch }: TimesConfig): ClockTime {
  const minutes = Math.min(clocks.handoverMinutes, clocks.responseMinutes);
  return {
    kind: 'handover',
    durationMs: dispatch.recallSeconds * 1000 + minutes * MINUTE_MS,
    counts: 'always',
  };
}

/** Until somebody looks at a suspended ticket again. */
export function suspensionTime(now: number, reviewAt: number): ClockTime {
  return { kind: 'suspension', durationMs: reviewAt - now, counts: 'always' };
}

/** When a unit that gets a ticket now is to have accepted it. */
export function respondBy(clocks: Config['clocks'], name: DamageClass, now: number): number {
  const time = timesOf(clocks, name).find(({ kind }) => kind === 'response') as ClockTime;
  return clocks.calendars.now[time.counts].add(now, time.durationMs);
}

const COUNT_KEYS = {
  response: 'response',
  scene_look: 'sceneLook',
  resolution: 'resolution',
  rework: 'rework',
  review: 'review',
} as const;

function time(
  { count, countByClass }: Config['clocks'],
  name: DamageClass,
  kind: keyof typeof COUNT_KEYS,
  durationMs: number,
): ClockTime {
  const own = (countByClass as Readonly<Record<string, Partial<typeof count> | undefined>>)[name];
  const key = COUNT_KEYS[kind];
  return { kind, durationMs, counts: own?.[key] ?? count[key] };
}
