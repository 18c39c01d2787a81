/** When a server that could not take a call asks to be called again. */

/** Milliseconds from `nowMs`; null when the header is missing, wrong or lies in the past. Both forms of RFC 9110 10.2.3. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  const wait = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : httpDate(text) - nowMs;
  return wait > 0 ? wait : null;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
/** RFC 9110 5.6.7: what is sent today, and the two older forms that "a recipient MUST accept". All are in UTC. */
const FORMS = [
  /^[A-Z][a-z]{2}, (?<day>\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/,
];

function httpDate(text: string): number {
  const found = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  const month = MONTHS.indexOf(found?.month as (typeof MONTHS)[number]);
  if (found === undefined || month < 0) return Number.NaN;
  // Of two digits the century is this one: nobody is asked to come back fifty years ago.
  const year = (found.year as string).padStart(4, '20');
  const pad = (value: string | number): string => String(value).trim().padStart(2, '0');
  return Date.parse(`${year}-${pad(month + 1)}-${pad(found.day as string)}T${found.time}Z`);
}
