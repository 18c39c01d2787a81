/** What a camera of ONVIF's Profile S answers (ver10/device): who it is, what time it has, and where its services are. */

import type { OnvifDevice, Say } from './device.ts';
import { envelope, escapeXml, fault, type Question } from './envelope.ts';
import { MEDIA_ANSWERS } from './media-answers.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What may be asked before logging in (ONVIF Core 5.12.1, access class PRE_AUTH). */
export const BEFORE_LOGIN: readonly string[] = ['GetSystemDateAndTime', 'GetCapabilities', 'GetServices'];

/** @param service that was asked: both have a question of the same name */
export function answerTo(question: Question, device: OnvifDevice, service: 'device' | 'media'): Answer {
  const known = service === 'device' ? ALL : { ...ALL, ...MEDIA_ANSWERS };
  const answer = Object.hasOwn(known, question.name) ? known[question.name] : undefined;
  if (answer === undefined)
    return { status: 400, text: fault('ActionNotSupported', `${question.name} is not known here`) };
  const body = answer(device, question);
  if (body === null)
    return { status: 400, text: fault('InvalidArgVal', 'there is no such profile or configuration') };
  return { status: 200, text: envelope(body) };
}

const DEVICE_ANSWERS: Readonly<Record<string, Say>> = {
  GetSystemDateAndTime: (device) => {
    const at = new Date(device.now());
    const time = `<tt:Time><tt:Hour>${at.getUTCHours()}</tt:Hour><tt:Minute>${at.getUTCMinutes()}</tt:Minute><tt:Second>${at.getUTCSeconds()}</tt:Second></tt:Time>`;
    const date = `<tt:Date><tt:Year>${at.getUTCFullYear()}</tt:Year><tt:Month>${at.getUTCMonth() + 1}</tt:Month><tt:Day>${at.getUTCDate()}</tt:Day></tt:Date>`;
    return (
      '<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>' +
      `<tt:TimeZone><tt:TZ>UTC0</tt:TZ></tt:TimeZone><tt:UTCDateTime>${time}${date}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`
    );
  },
  GetDeviceInformation: ({ manufacturer, model, name }) =>
    '<tds:GetDeviceInformationResponse>' +
    `<tds:Manufacturer>${escapeXml(manufacturer)}</tds:Manufacturer><tds:Model>${escapeXml(model)}</tds:Model>` +
    `<tds:FirmwareVersion>1.0</tds:FirmwareVersion><tds:SerialNumber>${escapeXml(name)}</tds:SerialNumber><tds:HardwareId>1</tds:HardwareId>` +
    '</tds:GetDeviceInformationResponse>',
  GetCapabilities: ({ address, mediaAddress }) =>
    '<tds:GetCapabilitiesResponse><tds:Capabilities>' +
    `<tt:Device><tt:XAddr>${escapeXml(address)}</tt:XAddr>` +
    '<tt:Network><tt:IPFilter>false</tt:IPFilter><tt:ZeroConfiguration>false</tt:ZeroConfiguration><tt:IPVersion6>false</tt:IPVersion6><tt:DynDNS>false</tt:DynDNS></tt:Network>' +
    '<tt:System><tt:DiscoveryResolve>false</tt:DiscoveryResolve><tt:DiscoveryBye>false</tt:DiscoveryBye><tt:RemoteDiscovery>false</tt:RemoteDiscovery><tt:SystemBackup>false</tt:SystemBackup>' +
    '<tt:SystemLogging>false</tt:SystemLogging><tt:FirmwareUpgrade>false</tt:FirmwareUpgrade><tt:SupportedVersions><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tt:SupportedVersions></tt:System></tt:Device>' +
    `<tt:Media><tt:XAddr>${escapeXml(mediaAddress)}</tt:XAddr><tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media>` +
    '</tds:Capabilities></tds:GetCapabilitiesResponse>',
  GetServices: ({ address, mediaAddress }) =>
    `<tds:GetServicesResponse>${Object.entries({ device: address, media: mediaAddress })
      .map(
        ([service, at]) =>
          `<tds:Service><tds:Namespace>http://www.onvif.org/ver10/${service}/wsdl</tds:Namespace><tds:XAddr>${escapeXml(at)}</tds:XAddr>` +
          '<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>',
      )
      .join('')}</tds:GetServicesResponse>`,
  GetScopes: ({ name }) =>
    `<tds:GetScopesResponse>${scopesOf(name)
      .map(
        (scope) =>
          `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${escapeXml(scope)}</tt:ScopeItem></tds:Scopes>`,
      )
      .join('')}</tds:GetScopesResponse>`,
  GetServiceCapabilities: () =>
    '<tds:GetServiceCapabilitiesResponse><tds:Capabilities><tds:Network IPFilter="false" ZeroConfiguration="false" IPVersion6="false" DynDNS="false" NTP="0"/>' +
    '<tds:Security UsernameToken="true" HttpDigest="false" TLS1.2="false" RELToken="false"/>' +
    '<tds:System DiscoveryResolve="false" DiscoveryBye="false" RemoteDiscovery="false" SystemBackup="false" SystemLogging="false" FirmwareUpgrade="false"/>' +
    '</tds:Capabilities></tds:GetServiceCapabilitiesResponse>',
  GetWsdlUrl: () =>
    '<tds:GetWsdlUrlResponse><tds:WsdlUrl>http://www.onvif.org/ver10/device/wsdl/devicemgmt.wsdl</tds:WsdlUrl></tds:GetWsdlUrlResponse>',
  GetHostname: ({ name }) =>
    `<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP><tt:Name>${escapeXml(name)}</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>`,
  GetUsers: ({ users }) =>
    `<tds:GetUsersResponse>${users
      .map(
        (user) =>
          `<tds:User><tt:Username>${escapeXml(user)}</tt:Username><tt:UserLevel>Administrator</tt:UserLevel></tds:User>`,
      )
      .join('')}</tds:GetUsersResponse>`,
  GetNetworkProtocols: ({ address, profiles }) =>
    `<tds:GetNetworkProtocolsResponse>${protocolXml('HTTP', address)}${protocolXml('RTSP', profiles[0]?.url ?? '')}</tds:GetNetworkProtocolsResponse>`,
  GetNetworkInterfaces: ({ address }) => {
    const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
    const family = host.includes(':') ? 'IPv6' : 'IPv4';
    return (
      '<tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="eth0"><tt:Enabled>true</tt:Enabled><tt:Info><tt:Name>eth0</tt:Name><tt:HwAddress>02:00:00:00:00:01</tt:HwAddress></tt:Info>' +
      `<tt:${family}><tt:Enabled>true</tt:Enabled><tt:Config><tt:Manual><tt:Address>${host}</tt:Address><tt:PrefixLength>${family === 'IPv4' ? 24 : 64}</tt:PrefixLength></tt:Manual>` +
      `<tt:DHCP>${family === 'IPv4' ? 'false' : 'Off'}</tt:DHCP></tt:Config></tt:${family}></tds:NetworkInterfaces></tds:GetNetworkInterfacesResponse>`
    );
  },
};

const ALL: Readonly<Record<string, Say>> = { ...MEDIA_ANSWERS, ...DEVICE_ANSWERS };

/** A service by the address at which it is. */
function protocolXml(name: string, at: string): string {
  const port = /:(\d+)(?:\/|$)/.exec(at)?.[1];
  return port === undefined
    ? ''
    : `<tds:NetworkProtocols><tt:Name>${name}</tt:Name><tt:Enabled>true</tt:Enabled><tt:Port>${port}</tt:Port></tds:NetworkProtocols>`;
}

/** ONVIF Core 7.3.3.2. */
export function scopesOf(name: string): readonly string[] {
  return ['type/video_encoder', 'Profile/Streaming', `name/${encodeURIComponent(name)}`].map(
    (scope) => `onvif://www.onvif.org/${scope}`,
  );
}
