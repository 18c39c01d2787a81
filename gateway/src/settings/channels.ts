/** The way to a unit, in its three forms: as a unit has it at work, with its secrets in plain; as the store has it, sealed; as people see it. */
import { type Secret, SecretUrl, splitLogin } from '@roadwatch/common';
import type { ChannelSettings, NewChannel } from '@roadwatch/contract/api';
import type { UnitConfig } from '../config/units.ts';
import type { Tx } from '../store/database.ts';
import type { StoredChannel } from './documents.ts';
import { keepSecret, type SecretRef } from './secrets.ts';

type With<Kind extends ChannelSettings['kind'], More> = Omit<
  Extract<NewChannel, { readonly kind: Kind }>,
  'secret'
> &
  More;
/** The whole address, with a login that may stand in it, and what signs or opens. */
interface Plain {
  readonly address: Secret;
  readonly secret: Secret;
}

export type PlainChannel =
  | Extract<NewChannel, { readonly kind: 'desk' | 'mail' }>
  | With<'webhook', Plain>
  | With<'open311', Plain>;

export function plainChannel({
  webhook,
  open311,
  mail,
}: Pick<UnitConfig, 'webhook' | 'open311' | 'mail'>): PlainChannel {
  if (mail !== undefined) return { kind: 'mail', to: mail.to, from: mail.from ?? null };
  if (webhook !== undefined) {
    const address = wholeAddress(webhook);
    return { kind: 'webhook', url: address.toString(), address, secret: webhook.secret };
  }
  if (open311 === undefined) return { kind: 'desk' };
  const { format, serviceCodes, pollSeconds } = open311;
  const address = wholeAddress(open311);
  return {
    ...{ kind: 'open311', url: address.toString(), format, serviceCodes, pollSeconds },
    jurisdictionId: open311.jurisdictionId ?? null,
    serviceCode: open311.serviceCode ?? null,
    address,
    secret: open311.apiKey,
  };
}

export async function keepChannel(tx: Tx, channel: PlainChannel): Promise<StoredChannel> {
  if (!('address' in channel)) return channel;
  const address = await keepSecret(tx, channel.address);
  return { ...channel, address, secret: await keepSecret(tx, channel.secret) };
}

export function shownChannel(channel: PlainChannel): ChannelSettings {
  if (!('address' in channel)) return channel;
  const { address: _, secret: __, ...rest } = channel;
  return { ...rest, hasSecret: true } as ChannelSettings;
}

/** The other way round. Null when its secrets cannot be read here. */
export function workingChannel(
  channel: StoredChannel,
  open: (ref: SecretRef) => Secret | null,
): Pick<UnitConfig, 'webhook' | 'open311' | 'mail'> | null {
  if (channel.kind === 'desk') return {};
  if (channel.kind === 'mail')
    return { mail: { to: [...channel.to], ...(channel.from === null ? {} : { from: channel.from }) } };
  const [address, secret] = [open(channel.address), open(channel.secret)];
  if (address === null || secret === null) return null;
  const { url, login } = splitLogin(address.reveal());
  if (channel.kind === 'webhook') return { webhook: { url: new SecretUrl(url), login, secret } };
  const { format, serviceCodes, pollSeconds, jurisdictionId, serviceCode } = channel;
  return {
    open311: {
      ...{
        url: new SecretUrl(url.replace(/\/*$/, '/')),
        login,
        apiKey: secret,
        format,
        serviceCodes,
        pollSeconds,
      },
      ...(jurisdictionId === null ? {} : { jurisdictionId }),
      ...(serviceCode === null ? {} : { serviceCode }),
    },
  };
}

function wholeAddress({
  url,
  login,
}: NonNullable<UnitConfig['webhook']> | NonNullable<UnitConfig['open311']>): SecretUrl {
  if (login === null) return new SecretUrl(url.reveal());
  const whole = new URL(url.reveal());
  whole.username = encodeURIComponent(login.username);
  whole.password = encodeURIComponent(login.password.reveal());
  return new SecretUrl(whole.href);
}
