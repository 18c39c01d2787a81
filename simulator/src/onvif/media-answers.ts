/** The media service of Profile S (ver10/media): the profiles of a camera, what they are made of, and where their streams are. */

import type { OnvifProfile, Say } from './device.ts';
import { escapeXml, type Question, textOf } from './envelope.ts';

export const MEDIA_ANSWERS: Readonly<Record<string, Say>> = {
  GetServiceCapabilities: ({ snapshotAddress }) =>
    `<trt:GetServiceCapabilitiesResponse><trt:Capabilities SnapshotUri="${snapshotAddress !== null}" Rotation="false" VideoSourceMode="false" OSD="false">` +
    `<trt:ProfileCapabilities MaximumNumberOfProfiles="2"/><trt:StreamingCapabilities RTPMulticast="false" RTP_TCP="true" RTP_RTSP_TCP="true"/>` +
    '</trt:Capabilities></trt:GetServiceCapabilitiesResponse>',
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
  GetVideoSourceConfigurations: ({ profiles }) =>
    `<trt:GetVideoSourceConfigurationsResponse>${sourceXml('trt:Configurations', profiles[0])}</trt:GetVideoSourceConfigurationsResponse>`,
  GetVideoSourceConfiguration: ({ profiles }, { body }) =>
    textOf(body, 'ConfigurationToken') === 'source'
      ? `<trt:GetVideoSourceConfigurationResponse>${sourceXml('trt:Configuration', profiles[0])}</trt:GetVideoSourceConfigurationResponse>`
      : null,
  GetVideoEncoderConfigurations: ({ profiles }) =>
    `<trt:GetVideoEncoderConfigurationsResponse>${profiles.map((profile) => encoderXml('trt:Configurations', profile)).join('')}</trt:GetVideoEncoderConfigurationsResponse>`,
  GetVideoEncoderConfiguration: ({ profiles }, { body }) => {
    const profile = profiles.find((entry) => encoderToken(entry) === textOf(body, 'ConfigurationToken'));
    return profile === undefined
      ? null
      : `<trt:GetVideoEncoderConfigurationResponse>${encoderXml('trt:Configuration', profile)}</trt:GetVideoEncoderConfigurationResponse>`;
  },
};

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
  const name = escapeXml(profile.token);
  return (
    `<trt:${element} token="${name}" fixed="true"><tt:Name>${name}</tt:Name>` +
    sourceXml('tt:VideoSourceConfiguration', profile) +
    `${encoderXml('tt:VideoEncoderConfiguration', profile)}</trt:${element}>`
  );
}

function sourceXml(element: string, profile: OnvifProfile | undefined): string {
  const { width, height } = profile ?? { width: 0, height: 0 };
  return (
    `<${element} token="source"><tt:Name>source</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>source</tt:SourceToken>` +
    `<tt:Bounds x="0" y="0" width="${width}" height="${height}"/></${element}>`
  );
}

function encoderToken({ token }: OnvifProfile): string {
  return `${token}-encoder`;
}

function encoderXml(element: string, profile: OnvifProfile): string {
  const { fps, gopSeconds = 2 } = profile;
  const keyframes = Math.max(1, Math.round(fps * gopSeconds));
  return (
    `<${element} token="${escapeXml(encoderToken(profile))}"><tt:Name>${escapeXml(profile.token)}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding>${resolution(profile)}` +
    `<tt:Quality>5</tt:Quality><tt:RateControl><tt:FrameRateLimit>${Math.ceil(fps)}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl>` +
    `<tt:H264><tt:GovLength>${keyframes}</tt:GovLength><tt:H264Profile>High</tt:H264Profile></tt:H264>` +
    `<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address><tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>` +
    `<tt:SessionTimeout>PT60S</tt:SessionTimeout></${element}>`
  );
}

function resolution(profile: OnvifProfile | undefined): string {
  return `<tt:Resolution><tt:Width>${profile?.width ?? 0}</tt:Width><tt:Height>${profile?.height ?? 0}</tt:Height></tt:Resolution>`;
}
