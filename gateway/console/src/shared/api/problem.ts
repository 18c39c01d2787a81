/** A request that did not do what it was for. */
import type { FieldProblem } from '@roadwatch/contract/api';

export class Problem extends Error {
  readonly status: number;
  /** Of the contract's vocabulary of refusals; null when it is from something between here and the gateway. */
  readonly code: string | null;
  /** What is wrong with which field of what was sent. */
  readonly fields: readonly FieldProblem[];

  /** `status` is 0 when the gateway was not reached. */
  constructor(
    status: number,
    message: string,
    code: string | null = null,
    fields: readonly FieldProblem[] = [],
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** Whatever was thrown, as a Problem. */
export function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, String(error));
}
