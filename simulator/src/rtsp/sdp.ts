/** The session description that DESCRIBE answers with (RFC 4566; RFC 6184 8.2.1 and RFC 7798 7.2.1 for the formats). */
import { type Clip, TICKS_PER_SECOND } from '../media/clip.ts';
import { nalType } from '../media/nal.ts';

export const PAYLOAD_TYPE = 96;
export const TRACK = 'trackID=0';

/** @param withParameterSets false describes a camera that announces none (a fault, and some real cameras). */
export function describe(clip: Clip, address: string, name: string, withParameterSets = true): string {
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
    '',
  ].join('\r\n');
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
