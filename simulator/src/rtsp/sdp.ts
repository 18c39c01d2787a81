/** The session description that DESCRIBE answers with (RFC 4566; RFC 6184 8.2.1 and RFC 7798 7.2.1 for the formats). */
import { type Clip, TICKS_PER_SECOND } from '../media/clip.ts';
import { nalType } from '../media/nal.ts';
import type { Sound, SoundCodec } from '../media/sound.ts';

export const PAYLOAD_TYPE = 96;
export const TRACK = 'trackID=0';
export const SOUND_TRACK = 'trackID=1';

/** G.711 has types of its own (RFC 3551 6). */
export function soundPayloadType(codec: SoundCodec): number {
  return { aac: 97, pcma: 8, pcmu: 0 }[codec];
}

/** @param withParameterSets false describes a camera that announces none (a fault, and some real cameras). */
export function describe(
  clip: Clip,
  sound: Sound | undefined,
  address: string,
  name: string,
  withParameterSets = true,
): string {
  const family = address.includes(':') ? 'IP6' : 'IP4';
  return [
    'v=0',
    `o=- 0 0 IN ${family} ${address}`,
    `s=${name.replaceAll(/[\r\n]/g, ' ')}`,
    `c=IN ${family} ${family === 'IP6' ? '::' : '0.0.0.0'}`,
    't=0 0',
    'a=control:*',
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} ${clip.codec === 'h264' ? 'H264' : 'H265'}/${TICKS_PER_SECOND}`,
    ...format(clip, withParameterSets),
    `a=framerate:${Number(clip.fps.toFixed(3))}`,
    `a=control:${TRACK}`,
    ...(sound === undefined ? [] : soundLines(sound)),
    '',
  ].join('\r\n');
}

/** The `config` of AAC is its AudioSpecificConfig: AAC LC, 16 kHz, one channel (ISO/IEC 14496-3 1.6.2.1). */
function soundLines({ codec, rate }: Sound): string[] {
  const type = soundPayloadType(codec);
  const aac =
    'streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408';
  return [
    `m=audio 0 RTP/AVP ${type}`,
    `a=rtpmap:${type} ${{ aac: 'MPEG4-GENERIC', pcma: 'PCMA', pcmu: 'PCMU' }[codec]}/${rate}${codec === 'aac' ? '/1' : ''}`,
    ...(codec === 'aac' ? [`a=fmtp:${type} ${aac}`] : []),
    `a=control:${SOUND_TRACK}`,
  ];
}

function format(clip: Clip, withParameterSets: boolean): string[] {
  const sets = clip.parameterSets;
  const base64 = (nals: readonly Buffer[]): string => nals.map((nal) => nal.toString('base64')).join(',');
  if (clip.codec === 'h264') {
    const fields = ['packetization-mode=1'];
    if (withParameterSets) {
      const sps = sets.find((nal) => nalType('h264', nal) === 7);
      if (sps) fields.push(`profile-level-id=${sps.toString('hex', 1, 4)}`);
      fields.push(`sprop-parameter-sets=${base64(sets)}`);
    }
    return [`a=fmtp:${PAYLOAD_TYPE} ${fields.join('; ')}`];
  }
  if (!withParameterSets) return [];
  const of = (type: number): string => base64(sets.filter((nal) => nalType('h265', nal) === type));
  return [`a=fmtp:${PAYLOAD_TYPE} sprop-vps=${of(32)}; sprop-sps=${of(33)}; sprop-pps=${of(34)}`];
}
