/** Texts that no store keeps as they are: PostgreSQL has no U+0000, and half a surrogate pair is no character in UTF-8. */

/** The field in which such a text is, as `note` or `photos/0/name`; null when there is none. */
export function unstorableField(value: unknown, at: readonly string[] = []): string | null {
  if (typeof value === 'string')
    return value.includes('\u0000') || !value.isWellFormed() ? at.join('/') || '(body)' : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    const found = unstorableField(name, at) ?? unstorableField(inner, [...at, name]);
    if (found !== null) return found;
  }
  return null;
}
