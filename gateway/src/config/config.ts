/** The configuration file, read once at start into values that need no further checks. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DamageClass } from '@roadwatch/contract';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { type Calendars, calendarProblems, calendarsOf } from '../clocks/calendar.ts';
import { webhookKey } from '../dispatch/webhook-secret.ts';
import type { PemFile } from '../pki/pem-file.ts';
import { type Area, parseArea } from './area.ts';
import { type AuditConfig, resolveAudit } from './audit.ts';
import { resolveS3, type S3 } from './evidence.ts';
import { type MailTarget, resolveSmtp, type Smtp } from './mail.ts';
import { type OidcConfig, type ReadSecret, resolveOidc } from './oidc.ts';
import { findProblems } from './problems.ts';
import { publicUrlProblem } from './public-url.ts';
import { type ConfigFile, ConfigSchema, type UnitSection } from './schema.ts';
import { resolveAuthority, resolveTls, type TlsConfig } from './tls.ts';
import { trustProxyProblems } from './trust-proxy.ts';

/** As large as 100,000 points with all their decimals may be. */
const MAX_AREA_BYTES = 16 * 1024 * 1024;
const NO_CALENDAR = { hours: [], weekdays: [], holidays: [], workdays: [] };

/** A configuration that cannot be used: one line for each thing to mend. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface Webhook {
  readonly url: string;
  readonly secret: string;
}

/** Another Open311 server that takes our tickets as requests. */
export interface Open311Target {
  readonly url: string;
  readonly apiKey: string;
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

/** All paths absolute, all secrets read, exactly one default unit. */
export type Config = Omit<
  ConfigFile,
  'audit' | 'evidence' | 'units' | 'clocks' | 'oidc' | 'smtp' | 'broker' | 'authority'
> & {
  readonly broker: Omit<ConfigFile['broker'], 'tls'> & { readonly tls: TlsConfig | null };
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
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  return parseConfig(text, file);
}

/** `file` is named in errors, and relative paths are taken from its folder. Throws ConfigError. */
export function parseConfig(text: string, file: string): Config {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    throw new ConfigError(`${file}: not valid YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  const value = Value.Default(ConfigSchema, raw ?? {});
  const problems = findProblems(ConfigSchema, value);
  if (problems.length === 0) {
    const config = resolveConfig(value as ConfigFile, dirname(resolve(file)), problems);
    if (problems.length === 0) return config;
  }
  throw new ConfigError(problems.map((problem) => `${file}: ${problem}`).join('\n'));
}

function resolveConfig(file: ConfigFile, folder: string, problems: string[]): Config {
  const dataDir = resolve(folder, file.dataDir);
  const { smtp, evidence, authority, ...rest } = file;
  const { broker, store } = file;
  const secret = (field: string, path: string | undefined): string | undefined => {
    if (path === undefined) return undefined;
    try {
      return readFileSync(resolve(folder, path), 'utf8').trim();
    } catch (error) {
      problems.push(`${field}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
      return undefined;
    }
  };
  const wrongUrl = publicUrlProblem(file.http.publicUrl);
  if (wrongUrl !== null) problems.push(wrongUrl);
  problems.push(...trustProxyProblems(file.http.trustProxy));
  if (!file.login.local && file.oidc === undefined)
    problems.push('login.local: false needs oidc; without either nobody could sign in');
  if (broker.password !== undefined && broker.passwordFile !== undefined)
    problems.push('broker.password: give either password or passwordFile, not both');
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
  const brokerPassword = broker.password ?? secret('broker.passwordFile', broker.passwordFile);
  const storePassword = secret('store.passwordFile', store.passwordFile);
  return {
    ...rest,
    audit: resolveAudit(file.audit, { folder, dataDir, hasSmtp: smtp !== undefined }, problems),
    oidc: file.oidc === undefined ? null : resolveOidc(file.oidc, file.units, secret, problems),
    dataDir,
    broker: {
      ...broker,
      ...(brokerPassword === undefined ? {} : { password: brokerPassword }),
      ...(broker.caFile === undefined ? {} : { caFile: resolve(folder, broker.caFile) }),
      tls: resolveTls(file, folder, problems),
    },
    authority: resolveAuthority(authority, folder, problems),
    store: store.url === undefined ? {} : { url: withPassword(store.url, storePassword) },
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

function unitOf(
  { webhook, open311, ...unit }: UnitSection,
  field: string,
  secret: ReadSecret,
  problems: string[],
): UnitConfig {
  if ([webhook, open311, unit.mail].filter((system) => system !== undefined).length > 1)
    problems.push(`${field}: give one of webhook, open311 and mail`);
  /** Given in the file or in one of its own. */
  const given = (at: string, names: readonly [string, string], value?: string, path?: string): string => {
    if ((value === undefined) === (path === undefined))
      problems.push(`${at}: give either ${names[0]} or ${names[1]}`);
    return value ?? secret(`${at}.${names[1]}`, path) ?? '';
  };
  if (open311 !== undefined) {
    const { apiKey, apiKeyFile, url, ...rest } = open311;
    const key = given(`${field}.open311`, ['apiKey', 'apiKeyFile'], apiKey, apiKeyFile);
    return { ...unit, open311: { ...rest, url: url.replace(/\/*$/, '/'), apiKey: key } };
  }
  if (webhook === undefined) return unit;
  const at = `${field}.webhook`;
  const key = given(at, ['secret', 'secretFile'], webhook.secret, webhook.secretFile);
  try {
    if (key !== '') webhookKey(key);
  } catch (error) {
    problems.push(`${at}: the secret ${(error as Error).message}`);
  }
  return { ...unit, webhook: { url: webhook.url, secret: key } };
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

function withPassword(url: string, password: string | undefined): string {
  if (password === undefined) return url;
  const parsed = new URL(url);
  parsed.password = password;
  return parsed.href;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
