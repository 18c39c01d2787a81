/** An expected "no" with a sentence for the person who asked and a word for programs; the HTTP API turns it into a problem document. */
import { type ProblemCode, statusOfProblem } from '@roadwatch/contract/codes';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ProblemCode;
  /** When to come back (RFC 9110, 10.2.3), of what is unavailable or too many. */
  readonly retryAfterS: number | null;

  constructor(code: ProblemCode, message: string, retryAfterS: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterS = retryAfterS;
  }

  /** Of HTTP. */
  get status(): number {
    return statusOfProblem(this.code);
  }
}
