/** What a bad link does to the packets of one picture: loss, duplicates, wrong order, flipped bits. Pure, by a given random source. */
import type { ActiveFaults } from '../camera/faults.ts';
import { INTERLEAVED_HEADER_BYTES, RTP_HEADER_BYTES } from './rtp.ts';

export interface Packets {
  readonly bytes: Buffer;
  readonly offsets: readonly number[];
}

export function isImpaired(faults: ActiveFaults): boolean {
  return (
    faults.has('packet-loss') || faults.has('reorder') || faults.has('duplicate') || faults.has('corrupt')
  );
}

/** @param random uniform in [0, 1) */
export function impair({ bytes, offsets }: Packets, faults: ActiveFaults, random: () => number): Packets {
  let packets = offsets.map((at, i) => bytes.subarray(at, offsets[i + 1] ?? bytes.length));
  const happens = (kind: 'packet-loss' | 'reorder' | 'duplicate' | 'corrupt'): boolean => {
    const rate = faults.get(kind)?.rate;
    return rate !== undefined && random() < rate;
  };
  packets = packets.filter(() => !happens('packet-loss'));
  packets = packets.flatMap((packet) => (happens('duplicate') ? [packet, packet] : [packet]));
  packets = packets.map((packet) => (happens('corrupt') ? flipBits(packet, random) : packet));
  for (let i = 0; i + 1 < packets.length; i++) {
    if (!happens('reorder')) continue;
    [packets[i], packets[i + 1]] = [packets[i + 1] as Buffer, packets[i] as Buffer];
    i++;
  }
  let at = 0;
  const places = packets.map((packet) => {
    const place = at;
    at += packet.length;
    return place;
  });
  return { bytes: Buffer.concat(packets), offsets: places };
}

function flipBits(packet: Buffer, random: () => number): Buffer {
  const damaged = Buffer.from(packet);
  const first = INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES;
  for (let i = 0; i < 8; i++) {
    const at = first + Math.floor(random() * (damaged.length - first));
    damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return damaged;
}
