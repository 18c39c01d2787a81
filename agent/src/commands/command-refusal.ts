/** Why a command is not carried out: a sentence for people, and the word for programs that the reply has beside it. */
import type { ReplyCode } from '@roadwatch/contract/codes';

export class CommandRefusal extends Error {
  override readonly name = 'CommandRefusal';
  readonly code: ReplyCode;

  constructor(code: ReplyCode, message: string) {
    super(message);
    this.code = code;
  }
}
