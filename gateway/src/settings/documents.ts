/** The documents of the city's settings as the store holds them: what is shown of them, but for their secrets. */
import {
  type CalendarSettings,
  type ChannelSettings,
  type CodeSettings,
  type DeadlineSettings,
  type EscalationSettings,
  type OperationsSettings,
  type RetentionSettings,
  SETTINGS,
  SETTINGS_SECTIONS,
  type SettingsSection,
  type UnitSettings,
} from '@roadwatch/contract/api';
import { Value } from 'typebox/value';
import { CalendarSection, ClocksSection } from '../config/sections/clocks.ts';
import type { SecretRef } from './secrets.ts';

export { SETTINGS_SECTIONS, type SettingsSection };

type Kind<Name extends ChannelSettings['kind']> = Extract<ChannelSettings, { readonly kind: Name }>;
/** `url` is the address as people may see it, `address` all of it. */
type Sealed<Shown> = Omit<Shown, 'hasSecret'> & { readonly address: SecretRef; readonly secret: SecretRef };

export type StoredChannel = Kind<'desk'> | Kind<'mail'> | Sealed<Kind<'webhook'>> | Sealed<Kind<'open311'>>;
export type StoredWebhook = Omit<Sealed<Kind<'webhook'>>, 'kind'>;
export type StoredUnit = Omit<UnitSettings, 'channel'> & { readonly channel: StoredChannel };

export interface Documents {
  readonly units: { readonly units: readonly StoredUnit[] };
  readonly calendar: CalendarSettings;
  readonly deadlines: DeadlineSettings;
  readonly escalation: EscalationSettings;
  readonly retention: RetentionSettings;
  readonly codes: CodeSettings;
  readonly operations: { readonly webhook: StoredWebhook | null };
}

/** Throws when what the store holds is none, as in a backup that somebody has altered. */
export function parseDocument<Section extends SettingsSection>(
  section: Section,
  text: string,
): Documents[Section] {
  const document = withDefaults(section, JSON.parse(text)) as Documents[Section];
  if (!Value.Check(SETTINGS[section].shown, withoutSecrets(section, document)))
    throw new Error(`the store's settings of ${section} are not as they must be`);
  return document;
}

/** What an older gateway did not know yet is as it is where nobody has said anything. */
function withDefaults(section: SettingsSection, document: unknown): unknown {
  if (section === 'calendar') return Value.Default(CalendarSection, document);
  if (section === 'escalation') return Value.Default(ClocksSection.properties.escalation, document);
  if (section !== 'deadlines') return document;
  const { escalation: _, ...deadlines } = Value.Default(ClocksSection, document) as Record<string, unknown>;
  return deadlines;
}

/** `isOpen`: whether a secret can be read here. */
export function withoutSecrets<Section extends SettingsSection>(
  section: Section,
  document: Documents[Section],
  isOpen: (ref: SecretRef) => boolean = () => true,
): object {
  if (section === 'units') return shownUnits(document as Documents['units'], isOpen);
  if (section === 'operations') return shownOperations(document as Documents['operations'], isOpen);
  return document;
}

/** The ids of the secrets that are named in it. */
export function secretsIn({ units, operations }: Pick<Documents, 'units' | 'operations'>): readonly string[] {
  const ofUnits = units.units.flatMap(({ channel }) => ('address' in channel ? [channel] : []));
  const all = operations.webhook === null ? ofUnits : [...ofUnits, operations.webhook];
  return all.flatMap(({ address, secret }) => [address.secret, secret.secret]);
}

function shownOperations(
  { webhook }: Documents['operations'],
  isOpen: (ref: SecretRef) => boolean,
): OperationsSettings {
  if (webhook === null) return { webhook };
  const { url, address, secret } = webhook;
  return { webhook: { url, hasSecret: isOpen(address) && isOpen(secret) } };
}

function shownUnits(
  { units }: Documents['units'],
  isOpen: (ref: SecretRef) => boolean,
): { readonly units: readonly UnitSettings[] } {
  return {
    units: units.map(({ channel, ...unit }) => {
      if (!('address' in channel)) return { ...unit, channel };
      const { address, secret, ...rest } = channel;
      return {
        ...unit,
        channel: { ...rest, hasSecret: isOpen(address) && isOpen(secret) } as ChannelSettings,
      };
    }),
  };
}
