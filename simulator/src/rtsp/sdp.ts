/** The session description that DESCRIBE answers with (RFC 4566; RFC 6184 8.2.1 and RFC 7798 7.2.1 for the formats). */
import { type Maker, type SdpParts, trackUrl } from '../camera/makers/maker.ts';
import { type Clip, TICKS_PER_SECOND } from '../media/clip.ts';
import { nalType } from '../media/nal.ts';
import type { Sound, SoundCodec } from '../media/sound.ts';

export interface Described {
  readonly maker: Maker;
  /** Of the camera or stream. */
  readonly name: string;
  readonly clip: Clip;
  readonly sound: Sound | undefined;
  readonly hasMetadata: boolean;
  /** As it was asked for, without a slash at its end. */
  readonly url: string;
  /** Of the server. */
  readonly address: string;
  /** False describes a camera that announces none (a fault, and some real cameras). */
  readonly withParameterSets: boolean;
}

/** As most cameras have it. */
export const METADATA_TYPE = 107;

/** G.711 has types of its own (RFC 3551 6). */
export function soundPayloadType(codec: SoundCodec): number {
  return { aac: 97, pcma: 8, pcmu: 0 }[codec];
}

export function describe({
  maker,
  name,
  clip,
  sound,
  hasMetadata,
  url,
  address,
  withParameterSets,
}: Described): string {
  const { codec, width, height, fps } = clip;
  const payloadType = maker.payloadTypes[codec];
  const family = address.includes(':') ? 'IP6' : 'IP4';
  const parts: SdpParts = {
    name,
    origin: `IN ${family} ${address}`,
    anywhere: `IN ${family} ${family === 'IP6' ? '::' : '0.0.0.0'}`,
    video: { codec, width, height, fps, payloadType, format: videoFormat(maker, clip, withParameterSets) },
    sound:
      sound === undefined
        ? null
        : {
            codec: sound.codec,
            rate: sound.rate,
            payloadType: soundPayloadType(sound.codec),
            format: soundFormat(sound),
          },
    metadata: hasMetadata
      ? { payloadType: METADATA_TYPE, format: [`a=rtpmap:${METADATA_TYPE} vnd.onvif.metadata/90000`] }
      : null,
    control: (track) => {
      if (track === undefined) return maker.isAbsolute ? url : '*';
      return maker.isAbsolute ? trackUrl(maker, url, track) : `${maker.controls[track]}`;
    },
  };
  return ['v=0', ...maker.sdp(parts), ''].join('\r\n');
}

/** The `config` of AAC is its AudioSpecificConfig: AAC LC, 16 kHz, one channel (ISO/IEC 14496-3 1.6.2.1). */
function soundFormat({ codec, rate }: Sound): string[] {
  const type = soundPayloadType(codec);
  const aac =
    'streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408';
  return [
    `a=rtpmap:${type} ${{ aac: 'MPEG4-GENERIC', pcma: 'PCMA', pcmu: 'PCMU' }[codec]}/${rate}${codec === 'aac' ? '/1' : ''}`,
    ...(codec === 'aac' ? [`a=fmtp:${type} ${aac}`] : []),
  ];
}

function videoFormat(
  { payloadTypes, announcesVps }: Maker,
  clip: Clip,
  withParameterSets: boolean,
): string[] {
  const type = payloadTypes[clip.codec];
  const map = `a=rtpmap:${type} ${clip.codec === 'h264' ? 'H264' : 'H265'}/${TICKS_PER_SECOND}`;
  const sets = clip.parameterSets;
  const base64 = (nals: readonly Buffer[]): string => nals.map((nal) => nal.toString('base64')).join(',');
  if (clip.codec === 'h264') {
    const fields = ['packetization-mode=1'];
    if (withParameterSets) {
      const sps = sets.find((nal) => nalType('h264', nal) === 7);
      if (sps) fields.push(`profile-level-id=${sps.toString('hex', 1, 4)}`);
      fields.push(`sprop-parameter-sets=${base64(sets)}`);
    }
    return [map, `a=fmtp:${type} ${fields.join('; ')}`];
  }
  if (!withParameterSets) return [map];
  const of = (nal: number): string => base64(sets.filter((entry) => nalType('h265', entry) === nal));
  const vps = announcesVps ? `sprop-vps=${of(32)}; ` : '';
  return [map, `a=fmtp:${type} ${vps}sprop-sps=${of(33)}; sprop-pps=${of(34)}`];
}
