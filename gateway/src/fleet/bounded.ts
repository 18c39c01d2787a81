/** A text as it can be kept: PostgreSQL has no U+0000, and a cut may fall within a pair of surrogates. */
export function bounded(text: string, characters: number): string {
  return text.replaceAll('\u0000', ' ').slice(0, characters).toWellFormed();
}
