/** Why a command is not carried out: a sentence for people, and the word for programs that the reply has beside it. */
import type { BoxProblem } from '@roadwatch/contract';
import type { ReplyCode } from '@roadwatch/contract/codes';

export class CommandRefusal extends Error {
  override readonly name = 'CommandRefusal';
  readonly code: ReplyCode;
  /** One by one, of settings of the box. */
  readonly problems: readonly BoxProblem[];

  constructor(code: ReplyCode, message: string, problems: readonly BoxProblem[] = []) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}
