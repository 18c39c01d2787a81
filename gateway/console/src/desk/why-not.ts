/** Why a key does nothing: every press acts, or says this. */
import type { Texts } from '../shared/texts/index.ts';

export interface WhyNot {
  readonly why: keyof Texts['whyNot'];
  /** A person, a ticket's number or a key, where the sentence names one. */
  readonly name?: string;
}

export function whyNotText({ why, name = '' }: WhyNot, { whyNot }: Texts): string {
  return whyNot[why](name);
}
