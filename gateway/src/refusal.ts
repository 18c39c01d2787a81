/** An expected "no" with a sentence for the person who asked; the HTTP API turns it into a problem document. */
export type RefusalKind = 'not_found' | 'conflict' | 'forbidden' | 'invalid' | 'unavailable' | 'too_many';

/** RFC 9110, 15, and of too_many RFC 6585, 4. */
export const REFUSAL_STATUS = {
  not_found: 404,
  conflict: 409,
  forbidden: 403,
  invalid: 422,
  unavailable: 503,
  too_many: 429,
} as const satisfies Readonly<Record<RefusalKind, number>>;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: RefusalKind;
  /** When to come back (RFC 9110, 10.2.3), of what is unavailable or too many. */
  readonly retryAfterS: number | null;

  constructor(kind: RefusalKind, message: string, retryAfterS: number | null = null) {
    super(message);
    this.kind = kind;
    this.retryAfterS = retryAfterS;
  }
}
