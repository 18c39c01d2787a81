/** What ffmpeg says of a picture: its time, and, as it stands before scaling, the camera's resolution and shape of pixels. */
import { type CodedSize, MAX_ASPECT } from '../frame/size.ts';

export interface FrameInfo extends CodedSize {
  /** Presentation time in seconds on the stream's own clock; null when the stream gives none. */
  readonly ptsSeconds: number | null;
}

const LINE = /^\[Parsed_showinfo.* pts_time:\s*(\S+) .* sar:(\d+)\/(\d+) s:(\d+)x(\d+) /;
const STREAM = /^\s*(?:\[info\] )?\s*Stream #0:\d+.*: Video: .*?, (\d+)x(\d+)(?: \[SAR (\d+):(\d+))?/;
/** One line of the log; null when it is not about a frame. */
export function parseFrameInfo(line: string): FrameInfo | null {
  const found = LINE.exec(line);
  if (found === null) return null;
  const seconds = Number(found[1]);
  return {
    ptsSeconds: Number.isFinite(seconds) ? seconds : null,
    width: Number(found[4]),
    height: Number(found[5]),
    pixelAspect: pixelAspect(found[2], found[3]),
  };
}

/** The line by which ffmpeg introduces a stream of video; null when it is another. */
export function parseStreamInfo(line: string): CodedSize | null {
  const found = STREAM.exec(line);
  if (found === null) return null;
  return {
    width: Number(found[1]),
    height: Number(found[2]),
    pixelAspect: pixelAspect(found[3], found[4]),
  };
}

/** 1 where none is told (0:1). */
function pixelAspect(above: string | undefined, below: string | undefined): number {
  const aspect = Number(above) / Number(below);
  return aspect >= 1 / MAX_ASPECT && aspect <= MAX_ASPECT ? aspect : 1;
}
