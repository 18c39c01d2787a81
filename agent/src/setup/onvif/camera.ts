/** What a camera says of itself by ONVIF (Profile S): who made it, what time it has, and where its streams are. */
import type { Credentials } from '@roadwatch/common';
import { OnvifError } from './onvif-error.ts';
import { onSameMachine } from './same-machine.ts';
import { SoapClient } from './soap.ts';
import { escapeXml, nodesAt, textAt, type XmlNode } from './xml.ts';

const DEVICE = 'http://www.onvif.org/ver10/device/wsdl';
const MEDIA = 'http://www.onvif.org/ver10/media/wsdl';
const SCHEMA = 'http://www.onvif.org/ver10/schema';
const WEB = ['http:', 'https:'];
const MAX_PROFILES = 32;

interface OnvifProfile {
  readonly token: string;
  readonly name: string;
  /** Of the lens: profiles of one source show the same view. */
  readonly source: string;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
}

export interface OnvifStream extends OnvifProfile {
  /** `rtsp://`, without a login. */
  readonly url: string;
}

export interface OnvifDescription {
  readonly manufacturer: string;
  readonly model: string;
  readonly firmware: string;
  /** The device's clock less ours; null where it does not tell. */
  readonly clockAheadMs: number | null;
  readonly streams: readonly OnvifStream[];
}

/** The device's clock less ours. Needs no login (ONVIF Core 5.12.1). Throws OnvifError. */
export async function readClock(service: URL, signal: AbortSignal, client = new SoapClient(null, signal)) {
  const askedAt = Date.now();
  const answer = await client.ask({ url: service, namespace: DEVICE, name: 'GetSystemDateAndTime' });
  const told = utcOf(answer);
  return told === null ? null : told - (askedAt + Date.now()) / 2;
}

/** Throws OnvifError; a stream that cannot be told is left out as long as there is another. */
export async function describeCamera(
  service: URL,
  login: Credentials | null,
  signal: AbortSignal,
): Promise<OnvifDescription> {
  const client = new SoapClient(login, signal);
  const clockAheadMs = await readClock(service, signal, client);
  client.useClock(clockAheadMs ?? 0);
  const device = await client.ask({ url: service, namespace: DEVICE, name: 'GetDeviceInformation' });
  const media = await mediaService(client, service);
  const answer = await client.ask({ url: media, namespace: MEDIA, name: 'GetProfiles' });
  const profiles = nodesAt(answer, 'Profiles').slice(0, MAX_PROFILES).flatMap(profileOf);
  if (profiles.length === 0) throw new OnvifError('fault', 'it has no profile with video');
  const streams: OnvifStream[] = [];
  let problem: OnvifError | null = null;
  for (const profile of profiles) {
    try {
      streams.push({ ...profile, url: await streamUrl(client, media, service.hostname, profile.token) });
    } catch (error) {
      if (!(error instanceof OnvifError) || error.problem === 'refused') throw error;
      problem ??= error;
    }
  }
  if (streams.length === 0 && problem !== null) throw problem;
  return {
    manufacturer: shown(textAt(device, 'Manufacturer')),
    model: shown(textAt(device, 'Model')),
    firmware: shown(textAt(device, 'FirmwareVersion')),
    clockAheadMs,
    streams,
  };
}

/** By GetCapabilities, which every device of Profile S has; by GetServices where it does not. */
async function mediaService(client: SoapClient, service: URL): Promise<URL> {
  const ask = (name: string, inside: string) => client.ask({ url: service, namespace: DEVICE, name, inside });
  let address: string | null = null;
  try {
    const answer = await ask('GetCapabilities', '<Category>Media</Category>');
    address = textAt(answer, 'Capabilities', 'Media', 'XAddr');
  } catch (error) {
    if (!(error instanceof OnvifError) || error.problem !== 'fault') throw error;
  }
  if (address === null) {
    const answer = await ask('GetServices', '<IncludeCapability>false</IncludeCapability>');
    const media = nodesAt(answer, 'Service').find((entry) => textAt(entry, 'Namespace') === MEDIA);
    address = textAt(media, 'XAddr');
  }
  if (address === null) throw new OnvifError('fault', 'it names no media service');
  return onSameMachine(address, service.hostname, WEB);
}

async function streamUrl(client: SoapClient, media: URL, host: string, token: string): Promise<string> {
  const transport = `<Stream xmlns="${SCHEMA}">RTP-Unicast</Stream><Transport xmlns="${SCHEMA}"><Protocol>RTSP</Protocol></Transport>`;
  const answer = await client.ask({
    ...{ url: media, namespace: MEDIA, name: 'GetStreamUri' },
    inside: `<StreamSetup>${transport}</StreamSetup><ProfileToken>${escapeXml(token)}</ProfileToken>`,
  });
  const url = onSameMachine(textAt(answer, 'MediaUri', 'Uri') ?? '', host, ['rtsp:', 'rtsps:']);
  url.username = '';
  url.password = '';
  // It is written into settings, in which `${NAME}` stands for a variable of this machine.
  return url.href.replace(/[{}]/g, encodeURIComponent);
}

function profileOf(node: XmlNode): OnvifProfile[] {
  const token = node['@token'];
  const [encoder] = nodesAt(node, 'VideoEncoderConfiguration');
  const [width, height] = ['Width', 'Height'].map((side) => Number(textAt(encoder, 'Resolution', side)));
  const isSize = (side: number | undefined): side is number => Number.isInteger(side) && (side as number) > 0;
  if (typeof token !== 'string' || token === '' || token.length > 256 || !isSize(width) || !isSize(height))
    return [];
  const source = textAt(node, 'VideoSourceConfiguration', 'SourceToken') ?? '';
  const codec = shown(textAt(encoder, 'Encoding'));
  return [{ token, name: shown(textAt(node, 'Name')), source, codec, width, height }];
}

function utcOf(answer: XmlNode): number | null {
  const at = (...path: string[]): number =>
    Number(textAt(answer, 'SystemDateAndTime', 'UTCDateTime', ...path) ?? Number.NaN);
  const ms = Date.UTC(
    at('Date', 'Year'),
    at('Date', 'Month') - 1,
    at('Date', 'Day'),
    at('Time', 'Hour'),
    at('Time', 'Minute'),
    at('Time', 'Second'),
  );
  return Number.isNaN(ms) ? null : ms;
}

/** Goes into a file and onto a terminal: no control characters, no length without end. */
function shown(text: string | null): string {
  return (text ?? '').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').slice(0, 80);
}
