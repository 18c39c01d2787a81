/** Why something did not work, as a person is told it. */
import type { Texts } from '../texts/index.ts';
import type { Problem } from './problem.ts';

/**
 * A failure as a person is told it, by its code: the gateway's own sentences, which name the thing, are in English only. Which field of
 * a form it was they say alone. Without a code it comes from something between here and the gateway.
 */
export function problemText({ status, code, message }: Problem, { problems, refusals }: Texts): string {
  if (code !== null && Object.hasOwn(refusals, code)) {
    const sentence = refusals[code as keyof typeof refusals];
    return code === 'fields_invalid' ? `${sentence} (${message})` : sentence;
  }
  if (status === 0) return problems.network;
  return status >= 500 ? problems.server : problems.invalid;
}
