/** The configuration file, read once at start into values that need no further checks. */
import { dirname, join, resolve } from 'node:path';
import {
  addressProblem,
  ConfigError,
  checkSettings,
  fileReader,
  parseYaml,
  type ReadFile,
  readSettings,
  Secret,
  SecretUrl,
  splitLogin,
} from '@roadwatch/common';
import type { CalendarSettings, DeadlineSettings, EscalationSettings } from '@roadwatch/contract/api';
import { calendarProblems, calendarsOf } from '../calendar/working-time.ts';
import type { Area } from '../geo/area.ts';
import type { PemFile } from '../pki/pem-file.ts';
import { type AuditConfig, resolveAudit } from './audit.ts';
import { type CalendarBook, onlyCalendar } from './calendar-book.ts';
import { resolveS3, type S3 } from './evidence.ts';
import { type FleetConfig, resolveFleet } from './fleet.ts';
import { resolveSmtp, type Smtp } from './mail.ts';
import { type MapConfig, resolveMap } from './map.ts';
import { type OidcConfig, resolveOidc } from './oidc.ts';
import { publicUrlProblem } from './public-url.ts';
import { type ConfigFile, ConfigSchema } from './schema.ts';
import { resolveAuthority, resolveTls, type TlsConfig } from './tls.ts';
import { trustProxyProblems } from './trust-proxy.ts';
import { defaultUnit, readAreas, type UnitConfig, unitOf, type Webhook, webhookOf } from './units.ts';

const NO_CALENDAR = { hours: [], weekdays: [], holidays: [], workdays: [] };

export { ConfigError };

/** The schema of the file builds its keys from lists, which its type does not follow. */
type FileClocks = DeadlineSettings & { readonly escalation: EscalationSettings };

type BrokerConfig = Omit<ConfigFile['broker'], 'url' | 'password' | 'passwordFile' | 'tls'> & {
  readonly url?: SecretUrl;
  readonly password?: Secret;
  readonly tls: TlsConfig | null;
};

/** All paths absolute, all secrets read, exactly one default unit. */
export type Config = Omit<
  ConfigFile,
  | 'audit'
  | 'authority'
  | 'broker'
  | 'calendar'
  | 'clocks'
  | 'evidence'
  | 'fleet'
  | 'map'
  | 'oidc'
  | 'operations'
  | 'smtp'
  | 'store'
  | 'units'
> & {
  readonly broker: BrokerConfig;
  readonly store: { readonly url?: Secret };
  /** The city's own; null: the gateway makes one. */
  readonly authority: PemFile | null;
  readonly oidc: OidcConfig | null;
  readonly audit: AuditConfig;
  readonly clocks: FileClocks & { readonly calendars: CalendarBook };
  readonly calendar: CalendarSettings;
  readonly units: readonly UnitConfig[];
  /** The folder is not used where there is a bucket. */
  readonly evidence: { readonly dir: string; readonly s3?: S3 };
  readonly fleet: FleetConfig;
  readonly smtp?: Smtp;
  /** Who is told what is wrong with cameras and boxes. */
  /** `isLost`: there is a webhook, whose secret cannot be read here: nobody is told until it can. */
  readonly operations: { readonly webhook: Webhook | null; readonly isLost?: boolean };
  readonly map: MapConfig;
  /** The units that look after a part of the city only, by id. */
  readonly areas: ReadonlyMap<string, Area>;
  readonly defaultUnit: string;
  /** The keys of the file that say something of the city: taken over into an empty store, and without effect later. */
  readonly takenOver: readonly string[];
};

/** Throws ConfigError. */
export function readConfig(file: string): Config {
  return parseConfig(readSettings(file), file);
}

/** `file` is named in errors, and relative paths are taken from its folder. Throws ConfigError. */
export function parseConfig(text: string, file: string): Config {
  const { value, problems: unfit, located } = checkSettings(ConfigSchema, text, file);
  if (unfit.length > 0) throw new ConfigError(file, unfit);
  const problems: string[] = [];
  const config = resolveConfig(value as ConfigFile, dirname(resolve(file)), problems);
  if (problems.length > 0) throw new ConfigError(file, problems.map(located));
  return { ...config, takenOver: takenOverOf(text) };
}

function takenOverOf(text: string): readonly string[] {
  const file = (parseYaml(text).value ?? {}) as Readonly<Record<string, unknown>>;
  const keys = ['units', 'clocks', 'calendar', 'retention'].filter((key) => file[key] !== undefined);
  const { eventCodes } = (file.open311 ?? {}) as { readonly eventCodes?: unknown };
  const { webhook } = (file.operations ?? {}) as { readonly webhook?: unknown };
  if (eventCodes !== undefined) keys.push('open311.eventCodes');
  return webhook === undefined ? keys : [...keys, 'operations.webhook'];
}

function resolveConfig(file: ConfigFile, folder: string, problems: string[]): Omit<Config, 'takenOver'> {
  const dataDir = resolve(folder, file.dataDir);
  const { smtp, evidence, authority, operations, ...rest } = file;
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
    oidc: file.oidc === undefined ? null : resolveOidc(file.oidc, secret, problems),
    dataDir,
    broker: { ...resolveBroker(broker, folder, secret, problems), tls: resolveTls(file, folder, problems) },
    authority: resolveAuthority(authority, folder, problems),
    store: resolveStore(store, secret, problems),
    clocks: { ...(file.clocks as unknown as FileClocks), calendars: readCalendars(file, problems) },
    evidence: {
      dir: resolve(folder, evidence.dir ?? join(dataDir, 'evidence')),
      ...(evidence.s3 === undefined ? {} : { s3: resolveS3(evidence.s3, secret, problems) }),
    },
    ...(smtp === undefined ? {} : { smtp: resolveSmtp(smtp, secret, problems) }),
    operations: {
      webhook:
        operations.webhook === undefined
          ? null
          : webhookOf(operations.webhook, 'operations.webhook', secret, problems),
    },
    units: file.units.map((unit, index) => unitOf(unit, `units[${index}]`, secret, problems)),
    fleet: resolveFleet(file.fleet, secret, problems),
    map: resolveMap(file.map, folder, problems),
    areas: readAreas(file.units, folder, problems),
    defaultUnit: defaultUnit(file.units, problems),
  };
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

function readCalendars({ calendar, timeZone }: ConfigFile, problems: string[]): CalendarBook {
  const wrong = calendarProblems(calendar);
  problems.push(...wrong.map((problem) => `calendar.${problem}`));
  return onlyCalendar(calendarsOf(wrong.length > 0 ? NO_CALENDAR : calendar, timeZone));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
