/** Requests about the city's settings and its people; for admins. */
import type {
  Area,
  AreaShape,
  AuditCheck,
  AuditEntry,
  Backup,
  LastOperationsCall,
  NewPerson,
  OperationsCall,
  Order,
  Person,
  Recalculated,
  Sent,
  SettingsSection,
  SettingsVersion,
  SettingsView,
  ShownPassword,
  UnitTrial,
} from '@roadwatch/contract/api';
import type { Items, Send } from './connection.ts';

/** An area of many points, and a unit's system that is slow. */
const SLOW = { timeoutMs: 60_000 };

export interface VersionPage {
  readonly items: readonly SettingsVersion[];
  readonly next: string | null;
}

interface AuditPage {
  readonly items: readonly AuditEntry[];
  readonly next: string | null;
}

export function adminRequests(send: Send) {
  const of = (section: SettingsSection): string => `/api/settings/${section}`;
  const person = (username: string): string => `/api/users/${encodeURIComponent(username)}`;
  return {
    settings: <Section extends SettingsSection>(section: Section): Promise<SettingsView<Section>> =>
      send('GET', of(section)),
    change: <Section extends SettingsSection>(
      section: Section,
      version: number,
      document: Sent<Section>,
    ): Promise<SettingsView<Section>> => send('PUT', of(section), { version, document }, SLOW),
    versions: (section: SettingsSection, after: string | null): Promise<VersionPage> =>
      send('GET', `${of(section)}/versions?limit=20${after === null ? '' : `&after=${after}`}`),
    undo: (section: SettingsSection, version: number, to: number): Promise<unknown> =>
      send('POST', `${of(section)}/undo`, { version, to }),
    recalculate: (): Promise<Recalculated> =>
      send('POST', '/api/settings/deadlines/recalculate', undefined, SLOW),
    testUnit: (id: string): Promise<UnitTrial> =>
      send('POST', `/api/settings/units/${id}/test`, undefined, SLOW),
    lastOperationsCall: (): Promise<LastOperationsCall> => send('GET', `${of('operations')}/last-call`),
    testOperations: (): Promise<OperationsCall> => send('POST', `${of('operations')}/test`, undefined, SLOW),
    sendArea: (geojson: object, datum: 'wgs84' | 'gcj02'): Promise<Area> =>
      send('POST', `/api/settings/areas?datum=${datum}`, geojson, SLOW),
    area: (sha256: string): Promise<AreaShape> => send('GET', `/api/settings/areas/${sha256}`),
    audit: (
      asked: Readonly<Record<'actor' | 'action' | 'subject', string>>,
      after: string | null,
    ): Promise<AuditPage> => {
      const given = Object.entries({ ...asked, after: after ?? '' }).filter(([, text]) => text !== '');
      return send('GET', `/api/audit?${new URLSearchParams(given)}`);
    },
    verifyAudit: (): Promise<AuditCheck> => send('POST', '/api/audit/verify', undefined, SLOW),
    backups: async (): Promise<readonly Backup[]> => (await send<Items<Backup>>('GET', '/api/backups')).items,
    backUp: (): Promise<Backup> => send('POST', '/api/backups'),
    deadOrders: async (): Promise<readonly Order[]> =>
      (await send<Items<Order>>('GET', '/api/dispatches')).items,
    dismissOrder: (id: string, reason: string): Promise<void> =>
      send('POST', `/api/dispatches/${id}/dismiss`, { reason }),
    retryRefused: (sha256: string, topic: string): Promise<void> =>
      send('POST', `/api/refused-messages/${sha256}/retry`, { topic }),
    dismissRefused: (sha256: string, topic: string, reason: string): Promise<void> =>
      send('POST', `/api/refused-messages/${sha256}/dismiss`, { topic, reason }),
    people: async (): Promise<readonly Person[]> => (await send<Items<Person>>('GET', '/api/users')).items,
    makePerson: (wanted: NewPerson): Promise<ShownPassword> => send('POST', '/api/users', wanted),
    changePerson: (username: string, { role, unitId }: Pick<NewPerson, 'role' | 'unitId'>): Promise<void> =>
      send('PUT', person(username), { role, unitId }),
    resetPassword: (username: string): Promise<ShownPassword> => send('POST', `${person(username)}/password`),
    disable: (username: string): Promise<void> => send('POST', `${person(username)}/disable`),
    enable: (username: string): Promise<void> => send('POST', `${person(username)}/enable`),
    signOut: (username: string): Promise<void> => send('DELETE', `${person(username)}/sessions`),
    factorOff: (username: string): Promise<void> => send('DELETE', `${person(username)}/second-factor`),
  };
}
