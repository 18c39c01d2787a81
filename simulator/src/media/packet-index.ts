/** The packet index that ffmpeg writes beside a byte stream: where each picture begins in it, and when it is shown. */
import { type PacketEntry, TICKS_PER_SECOND } from './clip.ts';

/** Reads the framecrc muxer's lines: `stream, dts, pts, duration, size, crc[, F=flags]`, in the time base of its `#tb`. */
export function parseIndex(text: string): PacketEntry[] {
  let toTicks = 1;
  const entries: PacketEntry[] = [];
  for (const line of text.split('\n')) {
    const base = /^#tb 0: (\d+)\/(\d+)/.exec(line);
    if (base) toTicks = (TICKS_PER_SECOND * Number(base[1])) / Number(base[2]);
    if (line.startsWith('#') || line.trim() === '') continue;
    const [, dts, pts, duration, size, , ...rest] = line.split(',').map((field) => field.trim());
    const flags = rest.find((field) => field.startsWith('F='));
    const time = (field: string | undefined): number | null => {
      const value = Number(field);
      return field === undefined || !Number.isSafeInteger(value) ? null : Math.round(value * toTicks);
    };
    entries.push({
      dts: time(dts),
      pts: time(pts),
      duration: time(duration) ?? 0,
      size: Number(size),
      keyframe: flags === undefined || (Number(flags.slice(2)) & 1) === 1,
    });
  }
  return entries;
}
