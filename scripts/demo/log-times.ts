/** What the programs' own logs say of when each step happened. */
import type { LogLine } from './child.ts';
import type { ProgramName } from './loop.ts';
import type { Timeline } from './timeline.ts';

export class LogTimes {
  #inView: string | null = null;
  #firstFrame: string | null = null;
  #analysed = false;
  readonly #candidates: { readonly camera: string; readonly at: string }[] = [];
  readonly #verified = new Map<string, { readonly at: string; readonly firstSeenAt: string }>();
  readonly #published = new Map<string, string>();

  read(program: ProgramName, line: LogLine): void {
    if (program === 'simulator') this.#simulator(line);
    if (program === 'agent') this.#agent(line);
  }

  #simulator(line: LogLine): void {
    if (line.msg === 'damage in view' && typeof line.at === 'string') this.#inView ??= line.at;
  }

  #agent(line: LogLine): void {
    const at = typeof line.time === 'string' ? line.time : null;
    switch (line.msg) {
      case 'camera streaming':
        this.#firstFrame ??= at;
        this.#analysed = true;
        break;
      case 'candidate':
        if (typeof line.capturedAt === 'string')
          this.#candidates.push({ camera: String(line.camera), at: line.capturedAt });
        break;
      case 'detection verified':
        if (at !== null)
          this.#verified.set(String(line.detection), { at, firstSeenAt: String(line.firstSeenAt) });
        break;
      case 'detection published':
        // The line itself follows the broker's word, which may come after the gateway's.
        if (typeof line.publishedAt === 'string' && !this.#published.has(String(line.detection)))
          this.#published.set(String(line.detection), line.publishedAt);
        break;
    }
  }

  /** The agent's part of the timeline of one detection, or of the first that got anywhere. */
  timeline(detection: string | null): Timeline {
    const id = detection ?? this.#verified.keys().next().value ?? '';
    const verified = this.#verified.get(id);
    const published = this.#published.get(id);
    const firstBox = verified?.firstSeenAt ?? this.#candidates[0]?.at;
    // What a picture or a video shows was there from its first frame on; the log is a little later than the frame.
    const shown = verified === undefined ? null : earlier(this.#firstFrame, verified.firstSeenAt);
    const inView = this.#inView ?? shown;
    return {
      ...(inView === null ? {} : { inView }),
      ...(firstBox === undefined ? {} : { firstBox }),
      ...(verified === undefined ? {} : { verified: verified.at }),
      ...(published === undefined ? {} : { published }),
    };
  }

  /** How far things came when no alert appeared. */
  whyNoAlert(): string {
    if (!this.#analysed) return 'no camera streamed';
    if (this.#verified.size > 0) return 'damage was verified, but no alert came of it';
    return 'no damage verified';
  }
}

/** Of two RFC 3339 times in UTC, which sort as text. */
function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
