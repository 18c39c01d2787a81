/** A unit while it is typed: what the gateway shows of it, and a secret that is entered anew. */
import type { ChannelSettings, NewUnit, SettingsView, UnitSettings } from '@roadwatch/contract/api';

export type DraftChannel = ChannelSettings & { readonly secret?: string };
export type DraftUnit = Omit<UnitSettings, 'channel'> & { readonly channel: DraftChannel };
/** By their ids, so that what two people have changed is compared unit by unit. */
export type DraftUnits = Readonly<Record<string, DraftUnit>>;

export const UNITS_FORM = {
  section: 'units',
  draftOf: ({ units }: SettingsView<'units'>['document']): DraftUnits =>
    Object.fromEntries(units.map((unit) => [unit.id, unit])),
  sentOf: (draft: DraftUnits) => ({ units: Object.values(draft).map(sentUnit) }),
} as const;

function sentUnit({ channel, ...unit }: DraftUnit): NewUnit {
  const { hasSecret: _, ...sent } = channel as DraftChannel & { readonly hasSecret?: boolean };
  return { ...unit, channel: sent as NewUnit['channel'] };
}

export function newUnit(id: string): DraftUnit {
  return {
    id,
    name: { en: id, zh: id },
    default: false,
    classes: null,
    area: null,
    contacts: [],
    channel: { kind: 'desk' },
  };
}

/** What a way needs that was not there before. */
export function newChannel(kind: ChannelSettings['kind']): DraftChannel {
  switch (kind) {
    case 'desk':
      return { kind };
    case 'mail':
      return { kind, to: [], from: null };
    case 'webhook':
      return { kind, url: '', hasSecret: false };
    case 'open311':
      return {
        ...{ kind, url: '', hasSecret: false, format: 'json', pollSeconds: 60 },
        ...{ jurisdictionId: null, serviceCode: null, serviceCodes: {} },
      };
  }
}
