/** What a camera of ONVIF's Profile S answers: who it is, what time it has, its profiles and where their streams are. */
import { envelope, escapeXml, fault, type Question, textOf } from './envelope.ts';

export interface OnvifProfile {
  readonly token: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly url: string;
}

export interface OnvifDevice {
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  /** Of both services. */
  readonly address: string;
  readonly snapshotAddress: string;
  /** The full picture first. */
  readonly profiles: readonly OnvifProfile[];
  /** The camera's own clock, in ms since 1970. */
  now(): number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What may be asked before logging in (ONVIF Core 5.12.1, access class PRE_AUTH). */
export const BEFORE_LOGIN: readonly string[] = ['GetSystemDateAndTime', 'GetCapabilities', 'GetServices'];

export function answerTo(question: Question, device: OnvifDevice): Answer {
  const answer = ANSWERS[question.name];
  if (answer === undefined)
    return { status: 400, text: fault('ActionNotSupported', `${question.name} is not known here`) };
  const body = answer(device, question);
  if (body === null) return { status: 400, text: fault('InvalidArgVal', 'there is no such profile') };
  return { status: 200, text: envelope(body) };
}

type Say = (device: OnvifDevice, question: Question) => string | null;

const ANSWERS: Readonly<Record<string, Say>> = {
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
  GetCapabilities: ({ address }) =>
    '<tds:GetCapabilitiesResponse><tds:Capabilities>' +
    `<tt:Device><tt:XAddr>${escapeXml(address)}</tt:XAddr></tt:Device>` +
    `<tt:Media><tt:XAddr>${escapeXml(address)}</tt:XAddr><tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media>` +
    '</tds:Capabilities></tds:GetCapabilitiesResponse>',
  GetServices: ({ address }) =>
    `<tds:GetServicesResponse>${['device', 'media']
      .map(
        (service) =>
          `<tds:Service><tds:Namespace>http://www.onvif.org/ver10/${service}/wsdl</tds:Namespace><tds:XAddr>${escapeXml(address)}</tds:XAddr>` +
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
  GetVideoSources: ({ profiles }) =>
    `<trt:GetVideoSourcesResponse><trt:VideoSources token="source"><tt:Framerate>${profiles[0]?.fps ?? 0}</tt:Framerate>${resolution(profiles[0])}</trt:VideoSources></trt:GetVideoSourcesResponse>`,
  GetProfiles: ({ profiles }) =>
    `<trt:GetProfilesResponse>${profiles.map((profile) => profileXml('Profiles', profile)).join('')}</trt:GetProfilesResponse>`,
  GetProfile: ({ profiles }, question) => {
    const profile = chosen(profiles, question);
    return profile === null
      ? null
      : `<trt:GetProfileResponse>${profileXml('Profile', profile)}</trt:GetProfileResponse>`;
  },
  GetStreamUri: ({ profiles }, question) => uriXml('GetStreamUri', chosen(profiles, question)?.url ?? null),
  GetSnapshotUri: ({ profiles, snapshotAddress }, question) =>
    uriXml('GetSnapshotUri', chosen(profiles, question) === null ? null : snapshotAddress),
};

/** ONVIF Core 7.3.3.2. */
export function scopesOf(name: string): readonly string[] {
  return ['type/video_encoder', 'Profile/Streaming', `name/${encodeURIComponent(name)}`].map(
    (scope) => `onvif://www.onvif.org/${scope}`,
  );
}

function chosen(profiles: readonly OnvifProfile[], { body }: Question): OnvifProfile | null {
  return profiles.find(({ token }) => token === textOf(body, 'ProfileToken')) ?? null;
}

function uriXml(name: string, url: string | null): string | null {
  if (url === null) return null;
  return (
    `<trt:${name}Response><trt:MediaUri><tt:Uri>${escapeXml(url)}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>` +
    `<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:${name}Response>`
  );
}

function profileXml(element: string, profile: OnvifProfile): string {
  const { token, fps } = profile;
  const name = escapeXml(token);
  return (
    `<trt:${element} token="${name}" fixed="true"><tt:Name>${name}</tt:Name>` +
    '<tt:VideoSourceConfiguration token="source"><tt:Name>source</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>source</tt:SourceToken>' +
    `<tt:Bounds x="0" y="0" width="${profile.width}" height="${profile.height}"/></tt:VideoSourceConfiguration>` +
    `<tt:VideoEncoderConfiguration token="${name}-encoder"><tt:Name>${name}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>${resolution(profile)}` +
    `<tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>${fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl>` +
    `<tt:H264><tt:GovLength>${fps * 2}</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264><tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:VideoEncoderConfiguration></trt:${element}>`
  );
}

function resolution(profile: OnvifProfile | undefined): string {
  return `<tt:Resolution><tt:Width>${profile?.width ?? 0}</tt:Width><tt:Height>${profile?.height ?? 0}</tt:Height></tt:Resolution>`;
}
