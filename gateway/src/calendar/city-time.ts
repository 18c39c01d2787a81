/** Times that people read: on the clocks of the city, with the offset, whatever zone this process or a screen is in. */
import { Temporal } from 'temporal-polyfill';

/** RFC 3339 with the offset of the zone at that instant: `2026-11-23T16:15:30.250+08:00`. `at` is in milliseconds. */
export function cityTime(at: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: 'never', fractionalSecondDigits: 3 });
}
