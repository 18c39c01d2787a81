/** The two languages in which the command line speaks to a person. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What is said, in both. */
export type Words = Readonly<Record<Language, string>>;

/** By the locale of whoever sits at the box (POSIX: LC_ALL before LC_MESSAGES before LANG). */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^zh/i.test(locale) ? 'zh' : 'en';
}

/** Why something cannot be done, for the person who asked for it. As a message it is English. */
export class SaidError extends Error {
  override readonly name: string = 'SaidError';
  readonly words: Words;

  constructor(words: Words) {
    super(words.en);
    this.words = words;
  }
}
