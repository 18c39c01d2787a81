/** What ffmpeg's `showinfo` filter says of a frame: its time and, as it stands before scaling, the camera's resolution. */
export interface FrameInfo {
  /** Presentation time in seconds on the stream's own clock; null when the stream gives none. */
  readonly ptsSeconds: number | null;
  readonly width: number;
  readonly height: number;
}

const LINE = /^\[Parsed_showinfo.* pts_time:\s*(\S+) .* s:(\d+)x(\d+) /;

/** One line of the log; null when it is not about a frame. */
export function parseFrameInfo(line: string): FrameInfo | null {
  const found = LINE.exec(line);
  if (found === null) return null;
  const seconds = Number(found[1]);
  return {
    ptsSeconds: Number.isFinite(seconds) ? seconds : null,
    width: Number(found[2]),
    height: Number(found[3]),
  };
}
