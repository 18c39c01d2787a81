/**
 * Pictures out of RTP packets: H.264 by RFC 6184, H.265 by RFC 7798, as a byte stream with start codes (Annex B of either), each
 * keyframe with all that a decoder must know. What belongs to one picture has one time stamp.
 */
import type { PictureCodec } from '../../frame/codec.ts';
import type { RtpPacket } from './packet.ts';
import { golombsAt, ParameterSets, unitType } from './parameter-sets.ts';

export interface AccessUnit {
  /** Valid during the call. */
  readonly bytes: Buffer;
  /** At 90 kHz, 32 bits. */
  readonly timestamp: number;
  /** It can be decoded by itself. */
  readonly isKeyframe: boolean;
  /** No packet of it is missing. */
  readonly isWhole: boolean;
}

export interface AccessUnitEvents {
  onPicture(picture: AccessUnit): void;
  /** It is packed in a way that is not read here, or larger than a picture may be. */
  onUnfit(reason: 'packing' | 'size'): void;
}

const START_CODE = Buffer.from([0, 0, 0, 1]);
/** By which a decoder knows that a picture begins; whatever may follow is allowed in it. */
const DELIMITER = {
  H264: Buffer.from([0, 0, 0, 1, 0x09, 0xf0]),
  H265: Buffer.from([0, 0, 0, 1, 0x46, 0x01, 0x50]),
};
const DELIMITER_TYPE = { H264: 9, H265: 35 } as const;
const FIRST_BYTES = 64 * 1024;
/** A slice of a picture that is coded by itself: I, or I alone in the picture (ITU-T H.264 table 7-6). */
const I_SLICES = [2, 7];

export class AccessUnits {
  readonly #codec: PictureCodec;
  readonly #maxBytes: number;
  readonly #events: AccessUnitEvents;
  readonly #sets: ParameterSets;
  #buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  #timestamp = 0;
  #hasSlice = false;
  #hasSets = false;
  #isKeyframe = false;
  #isWhole = true;
  #isInFragment = false;
  #sequence: number | null = null;
  #endedAt: number | null = null;
  /** The camera marks the ends of slices, not of pictures. */
  #marksSlices = false;
  #isUnfit = false;

  /** `parameters`: the `fmtp` attribute of the track. */
  constructor(codec: PictureCodec, parameters: string, maxBytes: number, events: AccessUnitEvents) {
    this.#codec = codec;
    this.#maxBytes = maxBytes;
    this.#events = events;
    this.#sets = new ParameterSets(codec, parameters);
  }

  push({ sequence, timestamp, marker, payload }: RtpPacket): void {
    if (this.#isUnfit) return;
    const isNext = this.#sequence === null || ((this.#sequence + 1) & 0xffff) === sequence;
    this.#sequence = sequence;
    // Whether it was of the picture before or of this one, nobody knows.
    if (!isNext) this.#isWhole = false;
    if (timestamp !== this.#timestamp) this.#finish();
    // One that belongs to what was thought to be over.
    else if (this.#length === 0 && timestamp === this.#endedAt) this.#marksSlices = true;
    if (!isNext) {
      this.#isWhole = false;
      this.#isInFragment = false;
    }
    this.#timestamp = timestamp;
    if (this.#codec === 'H264') this.#takeH264(payload);
    else this.#takeH265(payload);
    if (marker && this.#hasSlice && !this.#marksSlices) this.#finish();
  }

  #takeH264(payload: Buffer): void {
    const first = payload[0] as number;
    const type = first & 0x1f;
    if (type < 24) this.#unit(payload);
    else if (type === 24) this.#aggregated(payload, 1);
    else if (type !== 28) this.#unfit('packing');
    else if (payload.length < 3) this.#isWhole = false;
    else {
      const fragment = payload[1] as number;
      this.#fragment(fragment, Buffer.from([(first & 0xe0) | (fragment & 0x1f)]), payload.subarray(2));
    }
  }

  #takeH265(payload: Buffer): void {
    const first = payload[0] as number;
    const type = (first >> 1) & 0x3f;
    if (type < 48) this.#unit(payload);
    else if (type === 48) this.#aggregated(payload, 2);
    else if (type !== 49) this.#unfit('packing');
    else if (payload.length < 4) this.#isWhole = false;
    else {
      const fragment = payload[2] as number;
      const header = Buffer.from([(first & 0x81) | ((fragment & 0x3f) << 1), payload[1] as number]);
      this.#fragment(fragment, header, payload.subarray(3));
    }
  }

  /** Several units in one packet, each behind its length. */
  #aggregated(payload: Buffer, from: number): void {
    for (let at = from; at + 2 < payload.length; ) {
      const size = payload.readUInt16BE(at);
      const unit = payload.subarray(at + 2, at + 2 + size);
      if (unit.length < size || size === 0) {
        this.#isWhole = false;
        return;
      }
      this.#unit(unit);
      at += 2 + size;
    }
  }

  #fragment(header: number, unitHeader: Buffer, rest: Buffer): void {
    if ((header & 0x80) !== 0) {
      this.#isInFragment = true;
      this.#begin(unitHeader, rest);
      this.#append(unitHeader);
    } else if (!this.#isInFragment) {
      this.#isWhole = false;
      return;
    }
    this.#append(rest);
    if ((header & 0x40) !== 0) this.#isInFragment = false;
  }

  #unit(unit: Buffer): void {
    this.#isInFragment = false;
    const type = unitType(this.#codec, unit[0] as number);
    if (type === DELIMITER_TYPE[this.#codec]) return;
    if (this.#sets.isOne(type)) this.#sets.keep(unit);
    this.#begin(unit, unit.subarray(this.#codec === 'H264' ? 1 : 2));
    this.#append(unit);
  }

  /** A unit's start, and before the picture's first slice what a decoder must know. */
  #begin(unit: Buffer, body: Buffer): void {
    if (this.#length === 0) this.#append(DELIMITER[this.#codec]);
    const type = unitType(this.#codec, unit[0] as number);
    if (this.#sets.isOne(type)) this.#hasSets = true;
    else if (this.#isSlice(type)) {
      this.#hasSlice = true;
      if (this.#isKey(type, body)) {
        this.#isKeyframe = true;
        if (!this.#hasSets) {
          for (const set of this.#sets.units) {
            this.#append(START_CODE);
            this.#append(set);
          }
        }
        this.#hasSets = true;
      }
    }
    this.#append(START_CODE);
  }

  #isSlice(type: number): boolean {
    return this.#codec === 'H264' ? type >= 1 && type <= 5 : type <= 31;
  }

  #isKey(type: number, body: Buffer): boolean {
    if (this.#codec === 'H265') return type >= 16 && type <= 21;
    if (type === 5) return true;
    // Cameras that refresh without an IDR picture send the sets before one of I slices.
    return type === 1 && this.#hasSets && I_SLICES.includes(golombsAt(body, 0, 2)[1] ?? -1);
  }

  #append(bytes: Buffer): void {
    const length = this.#length + bytes.length;
    if (length > this.#maxBytes) {
      this.#unfit('size');
      return;
    }
    if (length > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.#maxBytes, length * 2));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = length;
  }

  #finish(): void {
    if (this.#isInFragment) this.#isWhole = false;
    if (this.#hasSlice) {
      this.#events.onPicture({
        bytes: this.#buffer.subarray(0, this.#length),
        timestamp: this.#timestamp,
        isKeyframe: this.#isKeyframe,
        isWhole: this.#isWhole,
      });
    }
    this.#endedAt = this.#timestamp;
    this.#length = 0;
    this.#hasSlice = false;
    this.#hasSets = false;
    this.#isKeyframe = false;
    this.#isWhole = true;
    this.#isInFragment = false;
  }

  #unfit(reason: 'packing' | 'size'): void {
    if (!this.#isUnfit) this.#events.onUnfit(reason);
    this.#isUnfit = true;
  }
}
