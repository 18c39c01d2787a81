/** Every key of the gateway's configuration file, its range, its default and what it is for. */
import { RANGES } from '@roadwatch/contract/settings-ranges.ts';
import { type Static, Type } from 'typebox';
import { AgentsSection } from './agents.ts';
import { AuditSection } from './audit.ts';
import { EvidenceSection } from './evidence.ts';
import { FleetSection } from './fleet.ts';
import { LoginSection } from './login.ts';
import { SmtpSection } from './mail.ts';
import { MapSection } from './map.ts';
import { AlertsSection } from './sections/alerts.ts';
import { CalendarSection, ClocksSection } from './sections/clocks.ts';
import { BrokerSection, HttpSection, StoreSection } from './sections/lines.ts';
import { OidcSection } from './sections/oidc.ts';
import { byClass, Path, section } from './sections/shared.ts';
import { UnitSection, WebhookSection } from './sections/units.ts';
import { AuthoritySection } from './tls.ts';

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
    fleet: FleetSection,
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
    map: MapSection,
    alerts: AlertsSection,
    clocks: ClocksSection,
    calendar: CalendarSection,
    inspection: InspectionSection,
    dispatch: section({ recallSeconds: Type.Number({ minimum: 0, maximum: 600, default: 5 }) }),
    open311: Open311Section,
    smtp: Type.Optional(SmtpSection),
    operations: section({ webhook: Type.Optional(WebhookSection) }),
    retention: section({
      evidenceDays: Type.Integer({ ...RANGES.evidenceDays, default: 1095 }),
      rejectedDays: Type.Integer({ ...RANGES.rejectedDays, default: 180 }),
      refusedDays: Type.Integer({ ...RANGES.refusedDays, default: 30 }),
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
