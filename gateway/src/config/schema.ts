/** Every key of the gateway's configuration file, its range, its default and what it is for. */
import { SecretText as Secret } from '@roadwatch/common';
import { BilingualText, DAMAGE_CLASSES, DamageClass, Datum, Slug } from '@roadwatch/contract';
import { type Static, type TProperties, type TSchema, Type } from 'typebox';
import { COUNTS } from '../calendar/working-time.ts';
import { ROLES, type Role } from '../store/tables/people.ts';
import { AgentsSection } from './agents.ts';
import { AuditSection } from './audit.ts';
import { EvidenceSection } from './evidence.ts';
import { LoginSection } from './login.ts';
import { MailSection, SmtpSection } from './mail.ts';
import { AuthoritySection, TlsSection } from './tls.ts';
import { TrustProxy } from './trust-proxy.ts';

/** A section whose keys all have defaults, so that it may be left out. */
function section<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false, default: {} });
}

/** Something for some of the damage classes. */
function byClass(value: TSchema) {
  return Type.Object(
    Object.fromEntries(
      DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => [entry.name, Type.Optional(value)]),
    ),
    { additionalProperties: false, default: {}, description: 'codes, by damage class' },
  );
}

const Path = Type.String({ minLength: 1, maxLength: 4096, description: 'a path' });
const Host = Type.String({
  minLength: 1,
  maxLength: 255,
  description: 'a host name or address, such as 127.0.0.1',
});
const port = (fallback: number) => Type.Integer({ minimum: 0, maximum: 65_535, default: fallback });

const HttpSection = section({
  host: Type.String({ ...Host, default: '127.0.0.1' }),
  port: port(8080),
  publicUrl: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s]+$',
      maxLength: 500,
      description: 'the http:// or https:// address under which people reach the console',
    }),
  ),
  trustProxy: TrustProxy,
});

const BrokerSection = section({
  host: Type.String({ ...Host, default: '127.0.0.1' }),
  port: port(1883),
  url: Type.Optional(
    Type.String({
      pattern: '^(mqtts?|wss?)://[^\\s]+$',
      maxLength: 2048,
      description:
        'an mqtt://, mqtts://, ws:// or wss:// address of a broker to use instead of the embedded one',
    }),
  ),
  publicUrl: Type.Optional(
    Type.String({
      pattern: '^(mqtts?|wss?)://[^\\s@?#]+$',
      maxLength: 2048,
      description: 'the mqtts:// address under which boxes reach the broker; told to them when they pair',
    }),
  ),
  tls: Type.Optional(TlsSection),
  requireCertificates: Type.Boolean({ default: false, description: 'true or false' }),
  username: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  password: Type.Optional(Secret),
  passwordFile: Type.Optional(Path),
  caFile: Type.Optional(Path),
  shareGroup: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]{1,64}$',
      description: 'letters, digits, _ and -, at most 64: gateways with the same group share the messages',
    }),
  ),
});

const StoreSection = section({
  url: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://[^\\s]+$',
      maxLength: 2048,
      description: 'a postgres:// address; left out, the store is SQLite in dataDir',
    }),
  ),
  passwordFile: Type.Optional(Path),
});

const WebhookSection = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://[^\\s]+$',
      maxLength: 2048,
      description: 'the http:// or https:// address that takes the orders',
    }),
    secret: Type.Optional(Secret),
    secretFile: Type.Optional(Path),
  },
  { additionalProperties: false },
);

const Open311UnitSection = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://[^\\s]+$',
      maxLength: 2048,
      description: 'the http:// or https:// address under which requests.json lies',
    }),
    apiKey: Type.Optional(Secret),
    apiKeyFile: Type.Optional(Path),
    jurisdictionId: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    format: Type.Union([Type.Literal('json'), Type.Literal('xml')], { default: 'json' }),
    serviceCode: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    serviceCodes: byClass(Type.String({ minLength: 1, maxLength: 200 })),
    pollSeconds: Type.Number({ minimum: 0.01, maximum: 86_400, default: 60 }),
  },
  { additionalProperties: false },
);

const UnitSection = Type.Object(
  {
    id: Slug,
    name: BilingualText,
    default: Type.Boolean({ default: false, description: 'true or false' }),
    classes: Type.Optional(Type.Array(DamageClass, { minItems: 1, maxItems: 20 })),
    area: Type.Optional(Type.Unknown()),
    areaFile: Type.Optional(Path),
    areaDatum: Type.Optional(Datum),
    webhook: Type.Optional(WebhookSection),
    open311: Type.Optional(Open311UnitSection),
    mail: Type.Optional(MailSection),
  },
  { additionalProperties: false },
);

const OidcSection = Type.Object(
  {
    issuer: Type.String({
      pattern: '^(https://[^\\s?#@]+|http://(127\\.0\\.0\\.1|localhost)(:\\d+)?(/[^\\s?#@]*)?)$',
      maxLength: 2048,
      description: 'the https:// address of the identity provider (http:// on this machine only)',
    }),
    clientId: Type.String({ minLength: 1, maxLength: 500 }),
    clientSecret: Type.Optional(Secret),
    clientSecretFile: Type.Optional(Path),
    scope: Type.String({ pattern: '\\bopenid\\b', maxLength: 500, default: 'openid profile' }),
    usernameClaim: Type.String({ minLength: 1, maxLength: 200, default: 'preferred_username' }),
    roleClaim: Type.String({ minLength: 1, maxLength: 200, default: 'roles' }),
    roles: Type.Array(
      Type.Object(
        {
          claim: Type.String({ minLength: 1, maxLength: 500 }),
          role: Type.Union(ROLES.map((role) => Type.Literal(role))),
          unit: Type.Optional(Slug),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1000 },
    ),
    label: Type.Object(BilingualText.properties, {
      additionalProperties: false,
      default: { en: 'Single sign-on', zh: '统一身份认证' },
    }),
  },
  { additionalProperties: false },
);

const AlertsSection = section({
  mergeIou: Type.Number({ minimum: 0.01, maximum: 1, default: 0.2 }),
  mergeDistance: Type.Number({ minimum: 0, maximum: 1, default: 0.06 }),
  mergeMetres: Type.Object(
    Object.fromEntries(
      DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => [
        entry.name,
        Type.Number({ minimum: 0, maximum: 500, default: 8 }),
      ]),
    ),
    { additionalProperties: false, default: {}, description: 'metres, by damage class' },
  ),
  rejectedPlaces: section({
    days: Type.Integer({ minimum: 0, maximum: 3650, default: 30 }),
    holdAfter: Type.Integer({ minimum: 0, maximum: 1000, default: 3 }),
  }),
  mergeCameraMetres: Type.Number({ minimum: 0, maximum: 500, default: 0 }),
  claimSeconds: Type.Integer({ minimum: 10, maximum: 3600, default: 90 }),
});

const Count = Type.Union(COUNTS.map((counts) => Type.Literal(counts)));

function Audience(fallback: readonly Role[]) {
  return Type.Array(Type.Union(ROLES.map((role) => Type.Literal(role))), {
    maxItems: ROLES.length,
    uniqueItems: true,
    default: [...fallback],
  });
}

/** Who is told at which percent of the time; a step that is left out keeps its default, an empty list tells nobody. */
function Ladder(percents: readonly string[], fallback: Readonly<Record<string, readonly Role[]>>) {
  return section(Object.fromEntries(percents.map((percent) => [percent, Audience(fallback[percent] ?? [])])));
}

const ClocksSection = section({
  responseMinutes: Type.Number({ minimum: 0.01, maximum: 10_000, default: 30 }),
  sceneLookMinutes: Type.Number({ minimum: 0.01, maximum: 10_000, default: 20 }),
  handoverMinutes: Type.Number({ minimum: 0.01, maximum: 10_000, default: 2 }),
  reworkHours: Type.Number({ minimum: 0.01, maximum: 100_000, default: 24 }),
  reviewMinutes: Type.Number({ minimum: 0.01, maximum: 100_000, default: 60 }),
  resolutionHours: Type.Object(
    Object.fromEntries(
      DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => [
        entry.name,
        Type.Optional(Type.Number({ minimum: 0.01, maximum: 100_000 })),
      ]),
    ),
    { additionalProperties: false, default: {}, description: 'hours to repair, by damage class' },
  ),
  count: section({
    response: Type.Union(Count.anyOf, { default: 'always' }),
    sceneLook: Type.Union(Count.anyOf, { default: 'always' }),
    resolution: Type.Union(Count.anyOf, { default: 'always' }),
    rework: Type.Union(Count.anyOf, { default: 'always' }),
    review: Type.Union(Count.anyOf, { default: 'always' }),
  }),
  escalation: section({
    deadline: Ladder(['50', '80', '100', '150'], {
      '50': ['unit'],
      '80': ['unit', 'operator'],
      '100': ['unit', 'operator', 'shift_lead'],
      '150': ['unit', 'shift_lead', 'admin'],
    }),
    sceneLook: Ladder(['100'], { '100': ['operator'] }),
    handover: Ladder(['50', '80', '100', '150'], {
      '50': ['operator'],
      '80': ['operator'],
      '100': ['operator', 'shift_lead'],
      '150': ['shift_lead', 'admin'],
    }),
    review: Ladder(['100', '150'], {
      '100': ['operator', 'inspector'],
      '150': ['shift_lead', 'inspector'],
    }),
    undelivered: Audience(['unit', 'operator', 'shift_lead']),
    inspectionFailed: Audience(['operator', 'inspector', 'shift_lead']),
    inspectionUndecided: Audience(['operator', 'inspector']),
  }),
  countByClass: Type.Object(
    Object.fromEntries(
      DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => [
        entry.name,
        Type.Optional(
          Type.Object(
            {
              response: Type.Optional(Count),
              sceneLook: Type.Optional(Count),
              resolution: Type.Optional(Count),
              rework: Type.Optional(Count),
              review: Type.Optional(Count),
            },
            { additionalProperties: false },
          ),
        ),
      ]),
    ),
    { additionalProperties: false, default: {}, description: 'which time counts, by damage class' },
  ),
});

const CalendarSection = section({
  hours: Type.Array(Type.String({ maxLength: 20 }), {
    maxItems: 12,
    default: ['08:30-12:00', '13:30-17:30'],
  }),
  weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7, default: [1, 2, 3, 4, 5] }),
  holidays: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 1000, default: [] }),
  workdays: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 1000, default: [] }),
});

const InspectionSection = section({
  automatic: Type.Boolean({ default: true, description: 'true or false' }),
  afterMinutes: Type.Number({ minimum: 0, maximum: 10_000, default: 5 }),
  retryMinutes: Type.Number({ minimum: 0.1, maximum: 10_000, default: 15 }),
  attempts: Type.Integer({ minimum: 1, maximum: 100, default: 8 }),
});

const Open311Section = section({
  enabled: Type.Boolean({ default: false, description: 'true or false' }),
  jurisdictionId: Type.String({ minLength: 1, maxLength: 200, default: 'roadwatch' }),
  contact: Type.String({ maxLength: 500, default: '' }),
  eventCodes: byClass(Type.String({ minLength: 1, maxLength: 40 })),
});

export const ConfigSchema = Type.Object(
  {
    dataDir: Path,
    http: HttpSection,
    login: LoginSection,
    oidc: Type.Optional(OidcSection),
    broker: BrokerSection,
    agents: AgentsSection,
    authority: Type.Optional(AuthoritySection),
    store: StoreSection,
    evidence: EvidenceSection,
    timeZone: Type.String({
      minLength: 1,
      maxLength: 64,
      default: 'Asia/Shanghai',
      description: 'an IANA time zone, such as Asia/Shanghai',
    }),
    units: Type.Array(UnitSection, {
      minItems: 1,
      maxItems: 1000,
      default: [{ id: 'road-maintenance', name: { en: 'Road maintenance', zh: '道路养护' }, default: true }],
    }),
    alerts: AlertsSection,
    clocks: ClocksSection,
    calendar: CalendarSection,
    inspection: InspectionSection,
    dispatch: section({ recallSeconds: Type.Number({ minimum: 0, maximum: 600, default: 5 }) }),
    open311: Open311Section,
    smtp: Type.Optional(SmtpSection),
    retention: section({
      evidenceDays: Type.Integer({ minimum: 1, maximum: 36_500, default: 1095 }),
      rejectedDays: Type.Integer({ minimum: 1, maximum: 36_500, default: 180 }),
      refusedDays: Type.Integer({ minimum: 1, maximum: 3650, default: 30 }),
    }),
    audit: AuditSection,
    log: section({
      level: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn')], {
        default: 'info',
      }),
    }),
  },
  { additionalProperties: false, description: 'keys of the gateway' },
);

export type ConfigFile = Static<typeof ConfigSchema>;
export type UnitSection = Static<typeof UnitSection>;
export type OidcSection = Static<typeof OidcSection>;
