/**
 * The last seconds of a camera, as it sent them: short MPEG-TS files, each beginning with a keyframe, from which stills and
 * clips are cut. Bounded in time and bytes; older files are deleted as new ones are finished.
 */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '@roadwatch/common';
import { diskErrorOf, diskErrorOfCode, diskSentence, roomIn, writeProblem } from '../disk/disk-error.ts';
import { makeFolder } from '../disk/make-folder.ts';
import type { CaptureClock } from './capture-clock.ts';
import { numberOf, removeFile, removeMarked, segmentPattern } from './files.ts';
import type { RingRoom } from './room.ts';

export interface Segment {
  readonly file: string;
  /** Presentation time, seconds, of its first frame and of the end of its last. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly bytes: number;
}

export interface RingLimits {
  readonly seconds: number;
  /** Of all files, the one that is being written included, at every moment. */
  readonly maxBytes: number;
}

/** Times inside the files are later than the stream's own by this much, so that none is negative. */
export const RING_SHIFT_SECONDS = 1;
/** Segments are cut at the first keyframe after this many seconds. */
export const SEGMENT_SECONDS = 2;
/** Looks at the ring while so many bytes come as it may hold. */
const CHECKS = 64;
/** Of a hundred frames a second: a time this far on is still the same frame's. */
const HALF_FRAME_SECONDS = 0.005;

/** What somebody wants to be written: `asked`, for a person who waits for it, or `found`, for a candidate or its evidence. */
export type StreamNeed = 'asked' | 'found';

/** The folder cannot be used. */
export class RingError extends Error {
  override readonly name = 'RingError';

  constructor(dir: string, error: unknown) {
    super(`the video ring cannot be written: ${dir} (${systemCode(error)}); see ring.dir and dataDir`);
  }
}

/** On disk with less than this, what ended was ended by that. */
const NO_ROOM_BYTES = 256 * 1024;

export class SegmentRing {
  readonly #home: string;
  #limits: RingLimits;
  readonly #room: RingRoom | null;
  /** Where it is at present: at home, or in memory. */
  #dir: string;
  #memoryBytes = 0;
  /** Why it is not at home. */
  #reason: string | null = null;
  #reserve: 'little' | 'a whole file' = 'little';
  #closed: Segment[] = [];
  #run = '';
  #next = 0;
  #endSeconds = 0;
  readonly #followers = new Set<{ readonly need: StreamNeed }>();
  #readers = 0;
  /** Called when somebody begins to. */
  onFollowed: () => void = () => {};
  /** Whether nothing is written because the camera's full stream waits for its turn. */
  isHeldBack = false;
  /** Nothing more will be written: its camera has been stopped. */
  isOver = false;

  /** `room`: of the disk that it shares with others; null where it has no need to share. */
  constructor(dir: string, limits: RingLimits, room: RingRoom | null = null) {
    this.#home = dir;
    this.#dir = dir;
    this.#limits = limits;
    this.#room = room;
    room?.add(this);
  }

  /** Hold from now on; what is too much goes as more comes. */
  set limits(limits: RingLimits) {
    this.#limits = limits;
  }

  /** Starts a new recording: presentation times begin anew, so what was there before goes. Throws RingError. */
  begin(reserve: 'little' | 'a whole file' = 'little'): { readonly pattern: string } {
    this.#settle();
    this.#reserve = reserve;
    this.#closed = [];
    this.#run = randomBytes(4).toString('hex');
    this.#next = 0;
    this.#endSeconds = 0;
    return { pattern: join(this.#dir, segmentPattern(this.#run)) };
  }

  get isInMemory(): boolean {
    return this.#dir !== this.#home;
  }

  /** What a person should know: that the disk has no room for it, so that it is small and in memory. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Whether the next recording would be begun elsewhere. */
  get isMisplaced(): boolean {
    if (this.#room === null) return false;
    return this.isInMemory ? this.#room.isRoomy : this.#room.problem !== null && this.#room.memoryBytes > 0;
  }

  /** What of the disk explains that a recording has ended; null when nothing does. Where there is room, it is tried: there may be a quota. */
  findDiskProblem(): string | null {
    const room = roomIn(this.#dir);
    if (room !== null && (room.freeBytes < NO_ROOM_BYTES || room.freeFiles === 0))
      return diskSentence(this.#dir, 'full', '');
    const said = writeProblem(this.#dir);
    const kind = diskErrorOfCode(said);
    if (said === null || kind === null) return null;
    if (!this.isInMemory) this.#room?.refuse(said);
    return diskSentence(this.#dir, kind, said);
  }

  /** Where there is room. */
  #settle(): void {
    const problem = this.#room?.problem ?? null;
    const inMemory = problem === null ? null : (this.#room?.inMemory(this.#home) ?? null);
    this.#forsake();
    if (inMemory !== null && problem !== null) {
      this.#moveTo(inMemory, problem);
      return;
    }
    this.#dir = this.#home;
    this.#reason = null;
    try {
      begun(this.#home);
    } catch (error) {
      const kind = diskErrorOf(error);
      const spare = kind === null ? null : (this.#room?.inMemory(this.#home) ?? null);
      if (kind === null || spare === null) throw new RingError(this.#home, error);
      this.#moveTo(spare, diskSentence(this.#home, kind, systemCode(error) ?? ''));
    }
  }

  #moveTo(dir: string, problem: string): void {
    this.#memoryBytes = this.#room?.memoryBytes ?? 0;
    this.#dir = dir;
    this.#reason = `${problem}; the last seconds of video are kept in memory`;
    try {
      begun(dir);
    } catch (error) {
      throw new RingError(dir, error);
    }
  }

  /** Leaves nothing where it has been. */
  #forsake(): void {
    try {
      removeMarked(this.#dir);
    } catch {
      // What cannot be deleted now is when the agent starts again.
    }
  }

  get #maxBytes(): number {
    if (this.isInMemory) return this.#memoryBytes;
    return Math.min(this.#limits.maxBytes, this.#room?.diskBytes ?? this.#limits.maxBytes);
  }

  /** One line of ffmpeg's segment list (`name,start,end`): that segment is complete and the next one has begun. */
  finish(line: string): Segment | null {
    const [name = '', start, end] = line.trim().split(',');
    const number = numberOf(this.#run, name);
    if (number === null) return null;
    this.#next = number;
    return this.finishOpen(Number(start) - RING_SHIFT_SECONDS, Number(end) - RING_SHIFT_SECONDS);
  }

  /** The open segment is complete, and holds these times; the next one has begun. */
  finishOpen(startSeconds: number, endSeconds: number): Segment {
    const { file, bytes } = this.open;
    const segment = { file, startSeconds: Math.max(startSeconds, this.#endSeconds), endSeconds, bytes };
    this.#next++;
    this.#endSeconds = endSeconds;
    this.#closed.push(segment);
    this.#trim();
    return segment;
  }

  /** Whether somebody needs what is written, or will be. */
  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** Of those, the most urgent; null where there is nobody. */
  get need(): StreamNeed | null {
    if (!this.isFollowed) return null;
    return [...this.#followers].some(({ need }) => need === 'asked') ? 'asked' : 'found';
  }

  /** Somebody does, until the returned function is called. */
  follow(need: StreamNeed): () => void {
    const follower = { need };
    this.#followers.add(follower);
    this.onFollowed();
    return () => {
      this.#followers.delete(follower);
    };
  }

  /** Whether somebody reads as it is written, so that each picture is to be there at once. */
  get isReadAlong(): boolean {
    return this.#readers > 0;
  }

  /** Somebody does, until the returned function is called, once. */
  readAlong(): () => void {
    this.#readers++;
    return () => {
      this.#readers--;
    };
  }

  /** The segment that is being written. */
  get open(): Segment {
    const name = segmentPattern(this.#run).replace('%06d', String(this.#next).padStart(6, '0'));
    const file = join(this.#dir, name);
    return {
      file,
      startSeconds: this.#endSeconds,
      endSeconds: Number.POSITIVE_INFINITY,
      bytes: fileBytes(file),
    };
  }

  /** What holds the time from one to the other, oldest first, the open segment included. */
  between(startSeconds: number, endSeconds: number): readonly Segment[] {
    return [...this.#closed, this.open].filter(
      (segment) =>
        segment.bytes > 0 && segment.endSeconds > startSeconds && segment.startSeconds <= endSeconds,
    );
  }

  /** The segment that holds the frame of this time; undefined when none does. */
  holding(seconds: number): Segment | undefined {
    // Ends are rounded, and a frame that begins a segment belongs to that one alone.
    const inside = seconds + HALF_FRAME_SECONDS;
    return this.between(inside, inside)[0];
  }

  /** What follows a segment; null while it is still being written. */
  after(segment: Segment): Segment | null {
    const index = this.#closed.findIndex((closed) => closed.file === segment.file);
    return index < 0 ? null : (this.#closed[index + 1] ?? this.open);
  }

  /** No file of it may be larger: the system holds ffmpeg to that. */
  get maxFileBytes(): number {
    return this.#maxBytes / 2;
  }

  get checkEveryBytes(): number {
    return this.#maxBytes / CHECKS;
  }

  /**
   * Makes room for what is being written. Call it again before `checkEveryBytes` have come; then the whole is never larger than
   * `maxBytes`, though each frame may take five times its bytes in MPEG-TS. Otherwise why there
   * is none: the open segment alone is too large, or older ones cannot be deleted.
   */
  makeRoom(): null | 'segment too large' | 'not deleted' {
    this.#trim();
    if (this.open.bytes >= this.maxFileBytes - this.checkEveryBytes) return 'segment too large';
    return this.bytes > this.#maxBytes ? 'not deleted' : null;
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#closed.reduce((sum, segment) => sum + segment.bytes, this.open.bytes);
  }

  end(): void {
    this.#closed = [];
    this.#forsake();
  }

  #trim(): void {
    let bytes = this.bytes;
    // The rest is for what is written before the next look.
    const most = this.#maxBytes - (this.#reserve === 'little' ? this.#maxBytes / 8 : this.maxFileBytes);
    while (this.#closed.length > 0) {
      const oldest = this.#closed[0] as Segment;
      const tooOld = oldest.endSeconds < this.#endSeconds - this.#limits.seconds;
      if (!tooOld && bytes <= most) return;
      if (!removeFile(oldest.file)) return;
      bytes -= oldest.bytes;
      this.#closed.shift();
    }
  }
}

/** A recording: the files, and the clock that dates what is in them. */
export interface Recording {
  readonly ring: SegmentRing;
  readonly clock: CaptureClock;
}

/** 0 where it cannot be asked for, too: who writes in that folder is told. */
function fileBytes(file: string): number {
  try {
    return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    return 0;
  }
}

/** Empty, and there. */
function begun(dir: string): void {
  removeMarked(dir);
  makeFolder(dir);
}
