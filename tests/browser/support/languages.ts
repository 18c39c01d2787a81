/** Which language a text is in, leaving out what has the same name in both. */

/** Words of Latin letters that are neither a name of the test's field, nor a key, nor a half of the globe. */
export function latinWords(text: string): string[] {
  const names =
    /\b(?:admin|English|binjiang\/edge-1(?:\/[a-z0-9-]+)?|road-damage-nano|RW-\d+-\d+|UTC|Asia\/Shanghai|Esc|[A-Z])\b/g;
  return text.replace(names, ' ').match(/[A-Za-z]{2,}/g) ?? [];
}

export function hanWords(text: string): string[] {
  return text.replaceAll('中文', ' ').match(/\p{Script=Han}+/gu) ?? [];
}
