/** The configuration file, read once at start into values that need no further checks. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  addressProblem,
  ConfigError,
  type Credentials,
  fileReader,
  parseSettings,
  type ReadFile,
  readSettings,
  Secret,
  SecretUrl,
  splitLogin,
} from '@roadwatch/common';
import type { DamageClass } from '@roadwatch/contract';
import { type Calendars, calendarProblems, calendarsOf } from '../calendar/working-time.ts';
import { type Area, parseArea } from '../geo/area.ts';
import type { PemFile } from '../pki/pem-file.ts';
import { type AuditConfig, resolveAudit } from './audit.ts';
import { SYSTEMS } from './channels.ts';
import { resolveS3, type S3 } from './evidence.ts';
import { type MailTarget, resolveSmtp, type Smtp } from './mail.ts';
import { type OidcConfig, resolveOidc } from './oidc.ts';
import { publicUrlProblem } from './public-url.ts';
import { type ConfigFile, ConfigSchema, type UnitSection } from './schema.ts';
import { resolveAuthority, resolveTls, type TlsConfig } from './tls.ts';
import { trustProxyProblems } from './trust-proxy.ts';
import { webhookKey } from './webhook-secret.ts';

/** As large as 100,000 points with all their decimals may be. */
const MAX_AREA_BYTES = 16 * 1024 * 1024;
const NO_CALENDAR = { hours: [], weekdays: [], holidays: [], workdays: [] };

export { ConfigError };

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

export type BrokerConfig = Omit<ConfigFile['broker'], 'url' | 'password' | 'passwordFile' | 'tls'> & {
  readonly url?: SecretUrl;
  readonly password?: Secret;
  readonly tls: TlsConfig | null;
};

/** All paths absolute, all secrets read, exactly one default unit. */
export type Config = Omit<
  ConfigFile,
  'audit' | 'authority' | 'broker' | 'clocks' | 'evidence' | 'oidc' | 'smtp' | 'store' | 'units'
> & {
  readonly broker: BrokerConfig;
  readonly store: { readonly url?: Secret };
  /** The city's own; null: the gateway makes one. */
  readonly authority: PemFile | null;
  readonly oidc: OidcConfig | null;
  readonly audit: AuditConfig;
  readonly clocks: ConfigFile['clocks'] & { readonly calendars: Calendars };
  readonly units: readonly UnitConfig[];
  /** The folder is not used where there is a bucket. */
  readonly evidence: { readonly dir: string; readonly s3?: S3 };
  readonly smtp?: Smtp;
  /** The units that look after a part of the city only, by id. */
  readonly areas: ReadonlyMap<string, Area>;
  readonly defaultUnit: string;
};

/** Throws ConfigError. */
export function readConfig(file: string): Config {
  return parseConfig(readSettings(file), file);
}

/** `file` is named in errors, and relative paths are taken from its folder. Throws ConfigError. */
export function parseConfig(text: string, file: string): Config {
  const settings = parseSettings(ConfigSchema, text, file);
  const problems: string[] = [];
  const config = resolveConfig(settings, dirname(resolve(file)), problems);
  if (problems.length > 0) throw new ConfigError(file, problems);
  return config;
}

function resolveConfig(file: ConfigFile, folder: string, problems: string[]): Config {
  const dataDir = resolve(folder, file.dataDir);
  const { smtp, evidence, authority, ...rest } = file;
  const { broker, store } = file;
  const secret = fileReader(folder, problems);
  const wrongUrl = publicUrlProblem(file.http.publicUrl);
  if (wrongUrl !== null) problems.push(wrongUrl);
  problems.push(...trustProxyProblems(file.http.trustProxy));
  if (!file.login.local && file.oidc === undefined)
    problems.push('login.local: false needs oidc; without either nobody could sign in');
  if (broker.shareGroup !== undefined && broker.url === undefined)
    problems.push('broker.shareGroup: needs broker.url; the embedded broker serves one gateway');
  if (evidence.dir !== undefined && evidence.s3 !== undefined)
    problems.push('evidence: give either dir or s3, not both');
  if (smtp === undefined && file.units.some(({ mail }) => mail !== undefined))
    problems.push('smtp: is missing; a unit with mail needs a server that takes it');
  if (file.retention.rejectedDays > file.retention.evidenceDays)
    problems.push('retention.rejectedDays: must not be longer than evidenceDays');
  if (!isTimeZone(file.timeZone))
    problems.push(
      `timeZone: ${JSON.stringify(file.timeZone)} is not allowed; expected an IANA time zone, such as Asia/Shanghai`,
    );
  return {
    ...rest,
    audit: resolveAudit(file.audit, { folder, dataDir, hasSmtp: smtp !== undefined }, problems),
    oidc: file.oidc === undefined ? null : resolveOidc(file.oidc, file.units, secret, problems),
    dataDir,
    broker: { ...resolveBroker(broker, folder, secret, problems), tls: resolveTls(file, folder, problems) },
    authority: resolveAuthority(authority, folder, problems),
    store: resolveStore(store, secret, problems),
    clocks: { ...file.clocks, calendars: readCalendars(file, problems) },
    evidence: {
      dir: resolve(folder, evidence.dir ?? join(dataDir, 'evidence')),
      ...(evidence.s3 === undefined ? {} : { s3: resolveS3(evidence.s3, secret, problems) }),
    },
    ...(smtp === undefined ? {} : { smtp: resolveSmtp(smtp, secret, problems) }),
    units: file.units.map((unit, index) => unitOf(unit, `units[${index}]`, secret, problems)),
    areas: readAreas(file.units, folder, problems),
    defaultUnit: defaultUnit(file.units, problems),
  };
}

function unitOf(section: UnitSection, field: string, secret: ReadFile, problems: string[]): UnitConfig {
  if (SYSTEMS.filter((name) => section[name] !== undefined).length > 1)
    problems.push(`${field}: give one of webhook, open311 and mail`);
  const { webhook, open311, ...unit } = section;
  /** Given in the file or in one of its own. */
  const given = (at: string, names: readonly [string, string], value?: string, path?: string): Secret => {
    if ((value === undefined) === (path === undefined))
      problems.push(`${at}: give either ${names[0]} or ${names[1]}`);
    return new Secret(value ?? secret(`${at}.${names[1]}`, path) ?? '');
  };
  if (open311 !== undefined) {
    const { apiKey, apiKeyFile, url, ...rest } = open311;
    const key = given(`${field}.open311`, ['apiKey', 'apiKeyFile'], apiKey, apiKeyFile);
    if (url.includes('?')) problems.push(`${field}.open311.url: has a query (?), which requests cannot keep`);
    const address = httpAddress(`${field}.open311.url`, url.replace(/\/*$/, '/'), problems);
    return { ...unit, open311: { ...rest, ...address, apiKey: key } };
  }
  if (webhook === undefined) return unit;
  const at = `${field}.webhook`;
  const key = given(at, ['secret', 'secretFile'], webhook.secret, webhook.secretFile);
  try {
    if (key.reveal() !== '') webhookKey(key.reveal());
  } catch (error) {
    problems.push(`${at}: the secret ${(error as Error).message}`);
  }
  return { ...unit, webhook: { ...httpAddress(`${at}.url`, webhook.url, problems), secret: key } };
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

function resolveBroker(
  { url: address, password, passwordFile, caFile, tls: _tls, ...broker }: ConfigFile['broker'],
  folder: string,
  secret: ReadFile,
  problems: string[],
): Omit<BrokerConfig, 'tls'> {
  if (password !== undefined && passwordFile !== undefined)
    problems.push('broker.password: give either password or passwordFile, not both');
  const own = password ?? secret('broker.passwordFile', passwordFile);
  const common = { ...broker, ...(caFile === undefined ? {} : { caFile: resolve(folder, caFile) }) };
  const wrong =
    address === undefined
      ? null
      : addressProblem(address, 'give user name and password with the keys username and password');
  if (wrong !== null) problems.push(`broker.url: ${wrong}`);
  const { url, login } =
    address === undefined || wrong !== null ? { url: address, login: null } : splitLogin(address);
  if (login !== null && (own !== undefined || broker.username !== undefined))
    problems.push('broker.url: holds a user name, and so do username or password; give one');
  return {
    ...common,
    ...(url === undefined ? {} : { url: new SecretUrl(url) }),
    ...(own === undefined ? {} : { password: new Secret(own) }),
    ...login,
  };
}

function resolveStore(
  { url, passwordFile }: ConfigFile['store'],
  secret: ReadFile,
  problems: string[],
): Config['store'] {
  if (url === undefined) return {};
  const wrong = addressProblem(url, 'give the password with passwordFile, or percent-encoded');
  if (wrong !== null) problems.push(`store.url: ${wrong}`);
  const password = secret('store.passwordFile', passwordFile);
  if (wrong !== null || password === undefined) return { url: new SecretUrl(url) };
  const whole = new URL(url);
  whole.password = encodeURIComponent(password);
  return { url: new SecretUrl(whole.href) };
}

function readCalendars({ calendar, timeZone }: ConfigFile, problems: string[]): Calendars {
  const wrong = calendarProblems(calendar);
  problems.push(...wrong.map((problem) => `calendar.${problem}`));
  return calendarsOf(wrong.length > 0 ? NO_CALENDAR : calendar, timeZone);
}

function readAreas(
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

function defaultUnit(units: readonly UnitSection[], problems: string[]): string {
  const ids = units.map((unit) => unit.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) problems.push(`units: the id ${JSON.stringify(twice)} is used twice`);
  const defaults = units.filter((unit) => unit.default);
  if (defaults.length > 1) problems.push('units: only one may have default: true');
  return (defaults[0] ?? units[0])?.id ?? '';
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
