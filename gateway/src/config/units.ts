/** The units of the configuration: their own systems, and the areas and classes that they look after. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  addressProblem,
  type Credentials,
  type ReadFile,
  Secret,
  SecretUrl,
  splitLogin,
} from '@roadwatch/common';
import type { DamageClass } from '@roadwatch/contract';
import { type Area, parseArea } from '../geo/area.ts';
import { SYSTEMS } from './channels.ts';
import type { MailTarget } from './mail.ts';
import type { UnitSection, WebhookSection } from './sections/units.ts';
import { webhookKey } from './webhook-secret.ts';

/** As large as 100,000 points with all their decimals may be. */
const MAX_AREA_BYTES = 16 * 1024 * 1024;

export interface Webhook {
  readonly url: SecretUrl;
  /** Of the address: sent as Basic (RFC 7617). */
  readonly login: Credentials | null;
  readonly secret: Secret;
}

/** Another Open311 server that takes our tickets as requests. */
export interface Open311Target {
  readonly url: SecretUrl;
  /** Of the address: sent as Basic (RFC 7617). */
  readonly login: Credentials | null;
  readonly apiKey: Secret;
  readonly format: 'json' | 'xml';
  readonly jurisdictionId?: string;
  /** Of classes that `serviceCodes` leaves out; left out itself: the name of the class. */
  readonly serviceCode?: string;
  readonly serviceCodes: Readonly<Partial<Record<DamageClass, string>>>;
  readonly pollSeconds: number;
}

export type UnitConfig = Pick<UnitSection, 'id' | 'name' | 'default' | 'classes'> & {
  /** The unit's own system, in one of these forms; left out, the unit works on the built-in desk. */
  readonly webhook?: Webhook;
  readonly open311?: Open311Target;
  readonly mail?: MailTarget;
};

export function unitOf(
  section: UnitSection,
  field: string,
  secret: ReadFile,
  problems: string[],
): UnitConfig {
  if (SYSTEMS.filter((name) => section[name] !== undefined).length > 1)
    problems.push(`${field}: give one of webhook, open311 and mail`);
  const { webhook, open311, ...unit } = section;
  if (open311 !== undefined) {
    const { apiKey, apiKeyFile, url, ...rest } = open311;
    const names = ['apiKey', 'apiKeyFile'] as const;
    const key = given(`${field}.open311`, names, [apiKey, apiKeyFile], secret, problems);
    if (url.includes('?')) problems.push(`${field}.open311.url: has a query (?), which requests cannot keep`);
    const address = httpAddress(`${field}.open311.url`, url.replace(/\/*$/, '/'), problems);
    return { ...unit, open311: { ...rest, ...address, apiKey: key } };
  }
  if (webhook === undefined) return unit;
  return { ...unit, webhook: webhookOf(webhook, `${field}.webhook`, secret, problems) };
}

export function webhookOf(
  { url, secret: text, secretFile }: WebhookSection,
  field: string,
  secret: ReadFile,
  problems: string[],
): Webhook {
  const key = given(field, ['secret', 'secretFile'], [text, secretFile], secret, problems);
  try {
    if (key.reveal() !== '') webhookKey(key.reveal());
  } catch (error) {
    problems.push(`${field}: the secret ${(error as Error).message}`);
  }
  return { ...httpAddress(`${field}.url`, url, problems), secret: key };
}

/** Given in the file or in one of its own. */
function given(
  field: string,
  names: readonly [string, string],
  [value, path]: readonly [string | undefined, string | undefined],
  secret: ReadFile,
  problems: string[],
): Secret {
  if ((value === undefined) === (path === undefined))
    problems.push(`${field}: give either ${names[0]} or ${names[1]}`);
  return new Secret(value ?? secret(`${field}.${names[1]}`, path) ?? '');
}

const ENCODED = 'write such characters in it percent-encoded (# as %23, / as %2F, @ as %40)';

/** A login in an address is sent as HTTP wants it, and is no part of the address any more. */
function httpAddress(
  field: string,
  address: string,
  problems: string[],
): { readonly url: SecretUrl; readonly login: Credentials | null } {
  const wrong = addressProblem(address, ENCODED);
  if (wrong !== null) problems.push(`${field}: ${wrong}`);
  const { url, login } = wrong === null ? splitLogin(address) : { url: address, login: null };
  return { url: new SecretUrl(url), login };
}

export function readAreas(
  units: readonly UnitSection[],
  folder: string,
  problems: string[],
): ReadonlyMap<string, Area> {
  const areas = new Map<string, Area>();
  for (const [index, { id, area, areaFile, areaDatum }] of units.entries()) {
    if (area === undefined && areaFile === undefined) continue;
    const field = `units[${index}].${area === undefined ? 'areaFile' : 'area'}`;
    if (area !== undefined && areaFile !== undefined) {
      problems.push(`${field}: give either area or areaFile, not both`);
      continue;
    }
    try {
      areas.set(id, parseArea(area ?? readJson(resolve(folder, areaFile as string)), areaDatum));
    } catch (error) {
      problems.push(`${field}: ${(error as Error).message}`);
    }
  }
  return areas;
}

function readJson(file: string): unknown {
  let text: string;
  try {
    if (statSync(file).size > MAX_AREA_BYTES)
      throw new Error(`${file} is larger than ${MAX_AREA_BYTES} bytes`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(code === undefined ? message : `${file} cannot be read (${code})`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is not valid JSON`);
  }
}

export function defaultUnit(units: readonly UnitSection[], problems: string[]): string {
  const ids = units.map((unit) => unit.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) problems.push(`units: the id ${JSON.stringify(twice)} is used twice`);
  const defaults = units.filter((unit) => unit.default);
  if (defaults.length > 1) problems.push('units: only one may have default: true');
  return (defaults[0] ?? units[0])?.id ?? '';
}
