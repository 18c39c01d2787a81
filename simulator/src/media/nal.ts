/** Reads H.264 (ITU-T H.264 Annex B) and H.265 (ITU-T H.265 Annex B) byte streams as NAL units. */

export type Codec = 'h264' | 'h265';

const H264_SPS = 7;
const H264_PPS = 8;
const H265_VPS = 32;
const H265_PPS = 34;

/** The NAL units of an Annex B byte stream, without start codes; views on the same memory. */
export function splitAnnexB(stream: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let start = -1;
  let at = 0;
  while (at >= 0 && at < stream.length) {
    const next = stream.indexOf(START_CODE, at);
    if (start >= 0) {
      const unit = trimTrailingZeros(stream.subarray(start, next < 0 ? stream.length : next));
      if (unit.length > 0) units.push(unit);
    }
    start = next + START_CODE.length;
    at = next < 0 ? -1 : start;
  }
  return units;
}

const START_CODE = Buffer.from([0, 0, 1]);

/** `trailing_zero_8bits` and the zero_byte of a four-byte start code belong to no NAL unit (Annex B.1). */
function trimTrailingZeros(unit: Buffer): Buffer {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}

export function nalType(codec: Codec, nal: Buffer): number {
  const header = nal[0] ?? 0;
  return codec === 'h264' ? header & 0x1f : (header >> 1) & 0x3f;
}

/** Sequence and picture parameter sets (and H.265's video parameter set): a decoder can do nothing without them. */
export function isParameterSet(codec: Codec, nal: Buffer): boolean {
  const type = nalType(codec, nal);
  return codec === 'h264' ? type === H264_SPS || type === H264_PPS : type >= H265_VPS && type <= H265_PPS;
}
