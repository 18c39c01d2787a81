/** Why a release is not used: a word for programs, and a sentence for people. */
import type { UpdateCode } from '@roadwatch/contract/codes';

export class UpdateRefusal extends Error {
  override readonly name = 'UpdateRefusal';
  readonly code: UpdateCode;

  constructor(code: UpdateCode, message: string) {
    super(message);
    this.code = code;
  }
}
