/** An expected "no" with a sentence for the person who asked; the HTTP API turns it into a problem document. */
export type RefusalKind = 'not_found' | 'conflict' | 'forbidden' | 'invalid' | 'unavailable';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface Actor {
  /** As in the audit: `user:NAME`, `unit:ID`, `token:NAME`, `system`. */
  readonly name: string;
  readonly channel: string;
}
