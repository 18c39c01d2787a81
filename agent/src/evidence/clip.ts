/** What happened before and after a moment, copied from the segments without re-encoding. */
import { existsSync } from 'node:fs';
import type { NormalizedPolygon } from '@roadwatch/contract';
import { ffmpegArguments, runFfmpeg } from '../ffmpeg/process.ts';
import type { Segment } from '../ring/segments.ts';
import { EvidenceError } from './still.ts';

const CLIP_BEFORE_SECONDS = 4;
export const CLIP_AFTER_SECONDS = 4;
/** Damage stands still: so much later it is there as well. As long as a full stream is waited for, and what it takes to begin. */
const LATEST_SECONDS = 75;

/** A time in the ring is rounded, and the clock of a recording learns. */
const SLACK_SECONDS = 0.5;

export interface Clip {
  readonly bytes: Buffer;
  /** Capture time of its first picture, where it shows less of the time before the moment than it should; null where it shows all. */
  readonly beginsAtMs: number | null;
}

/** As much of a recording as a clip needs. */
export interface ClipSource {
  readonly ring: { between(startSeconds: number, endSeconds: number): readonly Segment[] };
  readonly clock: { toPtsSeconds(wallMs: number): number | null };
}

/**
 * An MP4 of whole segments around the moment, as many as fit. A privacy mask cannot be laid over a copy, so a camera with
 * masks is encoded again with them, smaller. Throws EvidenceError.
 */
export async function cutClip(
  recording: ClipSource,
  atMs: number,
  masks: readonly NormalizedPolygon[],
  maxBytes: number,
  signal: AbortSignal,
): Promise<Clip> {
  const at = recording.clock.toPtsSeconds(atMs);
  if (at === null) throw new EvidenceError('the camera has not sent anything yet', 'not_recorded');
  for (;;) {
    const segments = withinBytes(around(recording, at), at, maxBytes * 0.95);
    if (segments.length === 0) throw new EvidenceError('the moment is no longer in the ring', 'not_recorded');
    const begins = (segments[0] as Segment).startSeconds;
    const isLate = begins > at - CLIP_BEFORE_SECONDS + SLACK_SECONDS;
    try {
      const bytes = await copied(segments, masks, maxBytes, signal);
      return { bytes, beginsAtMs: isLate ? atMs + Math.round((begins - at) * 1000) : null };
    } catch (error) {
      // The ring goes on: what was deleted before it could be opened is chosen no more, and the clip begins with what is left.
      const isShorter = segments.some(({ file }) => !existsSync(file));
      if (!isShorter || signal.aborted) throw new EvidenceError((error as Error).message);
    }
  }
}

function around(recording: ClipSource, at: number): readonly Segment[] {
  const found = whole(recording, at - CLIP_BEFORE_SECONDS, at + CLIP_AFTER_SECONDS);
  // A camera that records only while it is needed may have begun a little later.
  return found.length > 0 ? found : whole(recording, at, at + LATEST_SECONDS).slice(0, 2);
}

/** One file after the other, as an MP4 in fragments: a pipe cannot be gone back in, where the index would come first. */
function copied(
  segments: readonly Segment[],
  masks: readonly NormalizedPolygon[],
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const url = `concat:${segments.map(({ file }) => file).join('|')}`;
  const encode = masks.length === 0 ? ['-c', 'copy'] : maskedEncoding(masks);
  const fragments = ['-f', 'mp4', '-movflags', '+frag_keyframe+empty_moov+default_base_moof'];
  return runFfmpeg(
    ffmpegArguments(
      [
        {
          url,
          foreign: ['concat', 'file'],
          options: ['-f', 'mpegts', '-fflags', '+genpts', '-threads', '1'],
        },
      ],
      [{ target: 'pipe:1', options: ['-map', '0:v:0', ...encode, ...fragments] }],
    ),
    { maxBytes, timeoutMs: 60_000, signal },
  );
}

/** Files that are complete, and still there. */
function whole({ ring }: ClipSource, startSeconds: number, endSeconds: number): readonly Segment[] {
  return ring
    .between(startSeconds, endSeconds)
    .filter((segment) => Number.isFinite(segment.endSeconds) && existsSync(segment.file));
}

/** The segment that holds the moment, and its neighbours as long as they fit. */
function withinBytes(segments: readonly Segment[], atSeconds: number, maxBytes: number): readonly Segment[] {
  const nearest = [...segments].sort(
    (a, b) => distance(a, atSeconds) - distance(b, atSeconds) || a.startSeconds - b.startSeconds,
  );
  const chosen: Segment[] = [];
  let bytes = 0;
  for (const segment of nearest) {
    bytes += segment.bytes;
    if (bytes > maxBytes) break;
    chosen.push(segment);
  }
  return chosen.sort((a, b) => a.startSeconds - b.startSeconds);
}

function distance(segment: Segment, atSeconds: number): number {
  if (atSeconds < segment.startSeconds) return segment.startSeconds - atSeconds;
  return Math.max(0, atSeconds - segment.endSeconds);
}

/** drawbox paints the smallest upright rectangle around each mask: more is hidden than asked for, never less. */
function maskedEncoding(masks: readonly NormalizedPolygon[]): string[] {
  const boxes = masks.map((mask) => {
    const xs = mask.map(([x]) => x);
    const ys = mask.map(([, y]) => y);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    return `drawbox=iw*${x}:ih*${y}:iw*${Math.max(...xs) - x}:ih*${Math.max(...ys) - y}:color=black:t=fill`;
  });
  const filters = [...boxes, 'scale=960:-2'].join(',');
  return [
    '-vf',
    filters,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '28',
    '-threads',
    '1',
    '-pix_fmt',
    'yuv420p',
  ];
}
