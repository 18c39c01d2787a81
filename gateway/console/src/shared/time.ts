/** Times as an operator reads them. All take `now` in milliseconds, so that they run with the screen's one tick. */
import type { Language } from './texts/index.ts';

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

/** Date and time of day on this screen's clock: `11-23 16:15:30`. */
export function clockTime(at: string): string {
  const date = new Date(at);
  return `${dayOf(date)} ${timeOf(date)}`;
}

/** The time of day alone when it is today, with the date before it otherwise. */
export function shortTime(at: string, now: number): string {
  const date = new Date(at);
  return date.toDateString() === new Date(now).toDateString() ? timeOf(date) : clockTime(at);
}

/** The date on this screen's clock, for what lies far off: `2027-11-23`. */
export function fullDay(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${dayOf(date)}`;
}

function dayOf(date: Date): string {
  return `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function timeOf(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
