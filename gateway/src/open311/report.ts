/** "POST Service Request" (GeoReport v2): the form that another system sends, as a report. */
import { DAMAGE_CLASSES, type Position } from '@roadwatch/contract';
import { Type } from 'typebox';
import type { CitizenReport } from '../alerts/new-alert.ts';
import { QUESTIONS } from '../alerts/report-questions.ts';
import { Open311Refusal } from './refusal.ts';

/** Addresses of pictures with one report. */
const MAX_MEDIA = 10;
const text = (maxLength: number, description = '') =>
  Type.Optional(Type.String({ maxLength, ...(description === '' ? {} : { description }) }));

/** Further fields are ignored, but for attributes: those are answers that would be lost. */
export const ReportForm = Type.Object({
  api_key: text(200, 'a token with the scope requests:write, if there is no Authorization header'),
  jurisdiction_id: text(200),
  service_code: text(64),
  lat: text(32, 'degrees in WGS 84'),
  long: text(32, 'degrees in WGS 84'),
  address_string: text(1000, 'instead of lat and long'),
  // "description": at most 4,000 characters.
  description: text(4000),
  media_url: text(MAX_MEDIA * 2001, 'kept as a text; nothing is fetched; may be given several times'),
  ...Object.fromEntries(QUESTIONS.map(({ code }) => [`attribute[${code}]`, text(64)])),
});

type Form = Readonly<Record<string, string | undefined>>;

const DEGREES = /^[+-]?\d{1,3}(\.\d{1,20})?$/;
const ATTRIBUTE = /^attribute\[([^\]]*)\](\[\])?$/;

/**
 * Who reported it (name, telephone, e-mail, account, device) is not taken over: nobody here answers the person, and whoever sent
 * the form knows. Throws Open311Refusal.
 */
export function reportOf(form: Form): CitizenReport {
  const code = form.service_code;
  if (code === undefined) throw new Open311Refusal(400, 'service_code: is missing');
  const service = DAMAGE_CLASSES.find((entry) => entry.alerts && entry.name === code);
  if (service === undefined) throw new Open311Refusal(404, `service_code: there is no service ${code}`);
  const position = positionOf(form);
  const address = textOf(form, 'address_string');
  if (position === null && address === null)
    throw new Open311Refusal(400, 'lat: needs lat and long, or address_string');
  return {
    damageClass: service.name,
    position,
    address,
    description: textOf(form, 'description'),
    mediaUrls: mediaUrlsOf(form),
    attributes: attributesOf(form),
  };
}

/** WGS 84. */
function positionOf(form: Form): Position | null {
  const degrees = (name: 'lat' | 'long', most: number): number | null => {
    const text = form[name]?.trim() ?? '';
    if (text === '') return null;
    const value = DEGREES.test(text) ? Number(text) : Number.NaN;
    if (Math.abs(value) <= most) return value;
    throw new Open311Refusal(400, `${name}: expected degrees from -${most} to ${most}`);
  };
  const [latitude, longitude] = [degrees('lat', 90), degrees('long', 180)];
  if (latitude === null && longitude === null) return null;
  if (latitude === null || longitude === null)
    throw new Open311Refusal(400, `${latitude === null ? 'lat' : 'long'}: is missing beside the other`);
  return { latitude, longitude };
}

function textOf(form: Form, name: 'description' | 'address_string' | 'media_url'): string | null {
  const text = form[name]?.trim() ?? '';
  return text === '' ? null : text;
}

function mediaUrlsOf(form: Form): readonly string[] {
  const urls = (textOf(form, 'media_url') ?? '').split('\n').map((url) => url.trim());
  const given = [...new Set(urls.filter((url) => url !== ''))];
  if (given.some((url) => !/^https?:\/\//i.test(url) || url.length > 2000 || !URL.canParse(url)))
    throw new Open311Refusal(400, 'media_url: expected an http:// or https:// address');
  if (given.length > MAX_MEDIA)
    throw new Open311Refusal(400, `media_url: expected at most ${MAX_MEDIA} addresses`);
  return given;
}

function attributesOf(form: Form): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(form)) {
    const code = ATTRIBUTE.exec(name)?.[1];
    if (code === undefined) continue;
    const question = QUESTIONS.find((entry) => entry.code === code);
    if (question === undefined) throw new Open311Refusal(400, `${name}: there is no such attribute`);
    if (value === '') continue;
    if (!Object.hasOwn(question.answers, value))
      throw new Open311Refusal(400, `${name}: expected one of ${Object.keys(question.answers).join(', ')}`);
    given[code] = value;
  }
  return given;
}
