/** A "no" in the words of GeoReport v2 ("Errors"): an HTTP status, also in the body, and a sentence that names the argument. */
export class Open311Refusal extends Error {
  override readonly name = 'Open311Refusal';
  readonly status: number;

  constructor(status: number, description: string) {
    super(description);
    this.status = status;
  }
}
