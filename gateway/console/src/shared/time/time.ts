/** Times as an operator reads them. All take `now` in milliseconds, so that they run with the screen's one tick. */
import type { Language } from '../texts/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `12 s`, `4 min`, `3 h`, `2 d`: how long ago, never below zero (a camera's clock may be ahead of this one). */
export function age(at: string | number, now: number, language: Language): string {
  const elapsed = Math.max(0, now - (typeof at === 'number' ? at : Date.parse(at)));
  const [value, en, zh] =
    elapsed < MINUTE
      ? [elapsed / 1000, 's', '秒']
      : elapsed < HOUR
        ? [elapsed / MINUTE, 'min', '分钟']
        : elapsed < DAY
          ? [elapsed / HOUR, 'h', '小时']
          : [elapsed / DAY, 'd', '天'];
  return `${Math.floor(value)} ${language === 'zh' ? zh : en}`;
}

/** `29:59`, `1:02:03`; a time overrun has a leading `+`. */
export function countdown(remainingMs: number): string {
  const seconds = remainingMs >= 0 ? Math.ceil(remainingMs / 1000) : Math.floor(-remainingMs / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${remainingMs < 0 ? '+' : ''}${h > 0 ? `${h}:${two(m)}` : m}:${two(s)}`;
}

/** A wall clock of one time zone: a command centre reads the city's, whatever zone a screen is set to. */
export interface WallClock {
  /** `11-23 16:15:30` */
  clockTime(at: string | number): string;
  /** The time of day alone when it is today, with the date before it otherwise. */
  shortTime(at: string | number, now: number): string;
  /** For what lies far off: `2027-11-23`. */
  fullDay(at: string | number): string;
  /** The instant at which it shows `2026-11-23T16:15` or, at midnight, `2026-11-23`. Where an hour is skipped, the next one. */
  instantOf(local: string): number;
  /** As `instantOf` takes it. */
  localOf(at: number): string;
  /** The next time that it is so many o'clock. */
  nextHour(hour: number, now: number): number;
  /** `UTC+8`, as it is at that instant. */
  offset(at: number): string;
}

/** `timeZone` is an IANA name. */
export function wallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const zone = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' });
  const read = (at: string | number) => {
    const parts = format.formatToParts(new Date(at));
    const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
    return {
      year: part('year'),
      day: `${part('month')}-${part('day')}`,
      time: `${part('hour')}:${part('minute')}:${part('second')}`,
    };
  };
  const clockTime = (at: string | number): string => {
    const { day, time } = read(at);
    return `${day} ${time}`;
  };
  const fullDay = (at: string | number): string => {
    const { year, day } = read(at);
    return `${year}-${day}`;
  };
  return {
    clockTime,
    fullDay,
    shortTime: (at, now) => (fullDay(at) === fullDay(now) ? read(at).time : clockTime(at)),
    instantOf: (local) => {
      const asUtc = Date.parse(local.length === 10 ? `${local}T00:00Z` : `${local}Z`);
      const ahead = (at: number): number => {
        const { year, day, time } = read(at);
        return Date.parse(`${year}-${day}T${time}Z`) - at;
      };
      // The first guess may lie on the other side of a change of the clock.
      return asUtc - ahead(asUtc - ahead(asUtc));
    },
    localOf: (at) => {
      const { year, day, time } = read(at);
      return `${year}-${day}T${time.slice(0, 5)}`;
    },
    // Days on which the clock is changed have 23 or 25 hours, so it is looked for rather than reckoned.
    nextHour: (hour, now) => {
      const start = Math.floor(now / HOUR) * HOUR + HOUR;
      const sought = `${two(hour)}:00:00`;
      for (let at = start; at < start + 2 * DAY; at += 15 * MINUTE) if (read(at).time === sought) return at;
      return now + DAY;
    },
    offset: (at) =>
      (zone.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName')?.value ?? '').replace(
        'GMT',
        'UTC',
      ),
  };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
