/** The documents of the city's settings as the store holds them: what is shown of them, but for the secrets that units have. */
import {
  type CalendarSettings,
  type ChannelSettings,
  type CodeSettings,
  type DeadlineSettings,
  type EscalationSettings,
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
export type StoredUnit = Omit<UnitSettings, 'channel'> & { readonly channel: StoredChannel };

export interface Documents {
  readonly units: { readonly units: readonly StoredUnit[] };
  readonly calendar: CalendarSettings;
  readonly deadlines: DeadlineSettings;
  readonly escalation: EscalationSettings;
  readonly retention: RetentionSettings;
  readonly codes: CodeSettings;
}

/** Throws when what the store holds is none, as in a backup that somebody has altered. */
export function parseDocument<Section extends SettingsSection>(
  section: Section,
  text: string,
): Documents[Section] {
  const document = withDefaults(section, JSON.parse(text)) as Documents[Section];
  const shown = section === 'units' ? withoutSecrets(document as Documents['units']) : document;
  if (!Value.Check(SETTINGS[section].shown, shown))
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
export function withoutSecrets(
  { units }: Documents['units'],
  isOpen: (ref: SecretRef) => boolean = () => true,
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
