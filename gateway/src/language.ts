/** The two languages that people read, and which of them somebody asks for. */
export type Language = 'en' | 'zh';

/** RFC 9110 12.5.4, as far as it decides between two languages. */
export function languageOf(asked: string | undefined, acceptLanguage: string | undefined): Language {
  if (asked === 'en' || asked === 'zh') return asked;
  const first = (acceptLanguage ?? '').split(',').find((tag) => /^\s*(en|zh)\b/i.test(tag));
  return first?.trim().toLowerCase().startsWith('en') ? 'en' : 'zh';
}
