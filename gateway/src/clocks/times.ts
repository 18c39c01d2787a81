/** How long each clock of a ticket runs, and in which time, by the class of the damage. */
import type { DamageClass } from '@roadwatch/contract';
import type { Config } from '../config/config.ts';
import type { ClockKind } from '../store/tables.ts';
import type { Counts } from './calendar.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface ClockTime {
  readonly kind: ClockKind;
  readonly durationMs: number;
  readonly counts: Counts;
}

/** There is no resolution clock for a class without a time to repair. */
export function timesOf(clocks: Config['clocks'], name: DamageClass): ClockTime[] {
  const { responseMinutes, sceneLookMinutes, count } = clocks;
  const hours = (clocks.resolutionHours as Readonly<Record<string, number | undefined>>)[name];
  const own = (clocks.countByClass as Readonly<Record<string, Partial<typeof count> | undefined>>)[name];
  const times: ClockTime[] = [
    {
      kind: 'response',
      durationMs: responseMinutes * MINUTE_MS,
      counts: own?.response ?? count.response,
    },
    {
      kind: 'scene_look',
      durationMs: sceneLookMinutes * MINUTE_MS,
      counts: own?.sceneLook ?? count.sceneLook,
    },
  ];
  if (hours === undefined) return times;
  return [
    ...times,
    { kind: 'resolution', durationMs: hours * HOUR_MS, counts: own?.resolution ?? count.resolution },
  ];
}

/** When a unit that gets a ticket now is to have accepted it. */
export function respondBy(clocks: Config['clocks'], name: DamageClass, now: number): number {
  const time = timesOf(clocks, name).find(({ kind }) => kind === 'response') as ClockTime;
  return clocks.calendars[time.counts].add(now, time.durationMs);
}
