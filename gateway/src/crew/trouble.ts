/** Why something that a crew sent was not taken, as its page says it. */

import type { Language } from '../language.ts';
import { Refusal } from '../refusal.ts';
import { PhotoRefusal } from './photo.ts';
import { CREW_TEXTS } from './texts.ts';

/** RFC 9110, 15. */
export function statusOf(error: Error & { readonly statusCode?: number }): number {
  return error instanceof Refusal ? error.status : (error.statusCode ?? 500);
}

export function troubleOf(error: Error, language: Language): string {
  const texts = CREW_TEXTS[language];
  if (error instanceof PhotoRefusal) return texts.photoFaults[error.fault];
  const words: Readonly<Record<number, string>> = {
    408: texts.stalled,
    409: texts.changed,
    413: texts.photoFaults.bytes,
    429: texts.tooOften,
    503: texts.busy,
  };
  const status = statusOf(error);
  return words[status] ?? (status >= 500 ? texts.failed : texts.refused);
}
