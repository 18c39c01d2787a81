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
  const two = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${remainingMs < 0 ? '+' : ''}${h > 0 ? `${h}:${two(m)}` : m}:${two(s)}`;
}

/** Date and time of day on this screen's clock: `11-23 16:15:30`. */
export function clockTime(at: string): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
