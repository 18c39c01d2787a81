/** An expected "no" with a sentence for the person who asked and a word for programs; the HTTP API turns it into a problem document. */
import type { FieldProblem, Problem } from '@roadwatch/contract/api';
import { type ProblemCode, statusOfProblem } from '@roadwatch/contract/codes';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ProblemCode;
  /** When to come back (RFC 9110, 10.2.3), of what is unavailable or too many. */
  readonly retryAfterS: number | null;
  /** Further fields of the problem document. */
  readonly more: Pick<Problem, 'fields' | 'held'>;

  constructor(
    code: ProblemCode,
    message: string,
    retryAfterS: number | null = null,
    more: Pick<Problem, 'fields' | 'held'> = {},
  ) {
    super(message);
    this.code = code;
    this.retryAfterS = retryAfterS;
    this.more = more;
  }

  /** Of HTTP. */
  get status(): number {
    return statusOfProblem(this.code);
  }
}

/** Of what was sent, each field that is not as it must be; there is at least one. */
export function wrongFields(fields: readonly FieldProblem[]): Refusal {
  return new Refusal('fields_invalid', fields.map(({ path, en }) => `${path}: ${en}`).join('; '), null, {
    fields,
  });
}
