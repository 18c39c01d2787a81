/**
 * Room for copies of keyframes, used again: each is held until it has been looked at or a newer one has taken its place, and a new
 * buffer for each is more to tidy up than to copy.
 */

const STEP_BYTES = 64 * 1024;
/** Of what is kept for the copies to come. */
const MOST_BYTES = 8 * 2 ** 20;

export class Copies {
  readonly #free: ArrayBuffer[] = [];
  #bytes = 0;

  copyOf(bytes: Uint8Array): Buffer<ArrayBuffer> {
    const copy = Buffer.from(this.#roomFor(bytes.length), 0, bytes.length);
    copy.set(bytes);
    return copy;
  }

  /** Nobody reads it any more. */
  release({ buffer }: Buffer<ArrayBuffer>): void {
    if (this.#bytes + buffer.byteLength > MOST_BYTES) return;
    this.#free.push(buffer);
    this.#bytes += buffer.byteLength;
  }

  #roomFor(bytes: number): ArrayBuffer {
    // One that is much too large would be missing where it fits.
    const at = this.#free.findIndex(
      ({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes + STEP_BYTES,
    );
    const [room] = at < 0 ? [] : this.#free.splice(at, 1);
    if (room === undefined) return new ArrayBuffer(Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
    this.#bytes -= room.byteLength;
    return room;
  }
}
