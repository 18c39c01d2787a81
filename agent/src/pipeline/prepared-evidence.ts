/**
 * Stills of what may become a detection, cut while it is being verified, so that they are there when it is; the box is drawn when it
 * is known.
 */
import type { EvidenceFile, EvidenceMaker, EvidenceSource } from '../evidence/evidence.ts';
import type { Track } from '../track/tracker.ts';

export interface Prepared {
  /** Capture time of the still. */
  readonly atMs: number;
  readonly still: Promise<EvidenceFile>;
  /** Whether it has been cut. */
  readonly isThere: boolean;
}

export class PreparedEvidence {
  readonly #evidence: EvidenceMaker;
  readonly #source: () => EvidenceSource | null;
  readonly #byTrack = new Map<number, Prepared>();

  /** `source`: null before the camera's first frame. */
  constructor(evidence: EvidenceMaker, source: () => EvidenceSource | null) {
    this.#evidence = evidence;
    this.#source = source;
  }

  prepare({ id, best }: Track): Prepared {
    const prepared = this.#byTrack.get(id);
    if (prepared !== undefined) return prepared;
    const still = this.#cut(best.atMs);
    const fresh = { atMs: best.atMs, still, isThere: false };
    // It is awaited when the track is verified; until then a failure is nobody's.
    void still.then(
      () => {
        fresh.isThere = true;
      },
      () => {},
    );
    this.#byTrack.set(id, fresh);
    return fresh;
  }

  /** Still and overlay. What could not be cut ahead of time can be now, when more is on disk. */
  pictures(
    { atMs, still }: Prepared,
    mark: Parameters<EvidenceMaker['marked']>[1],
  ): Promise<readonly EvidenceFile[]> {
    return still.catch(() => this.#cut(atMs)).then((cut) => this.#evidence.marked(cut, mark));
  }

  forget(track: Track): void {
    this.#byTrack.delete(track.id);
  }

  clear(): void {
    this.#byTrack.clear();
  }

  async #cut(atMs: number): Promise<EvidenceFile> {
    const source = this.#source();
    if (source === null) throw new Error('the camera has not shown a picture yet');
    return this.#evidence.still(source, atMs, 'found');
  }
}
