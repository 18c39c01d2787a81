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

/** What systems, TLS and brokers have against a line or a file, by what stands in their sentences. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, '连接被拒绝，对方未监听该端口'],
  [/ENOTFOUND|EAI_AGAIN/, '无法解析主机名'],
  [/EHOSTUNREACH|ENETUNREACH|ENETDOWN/, '网络不可达'],
  [/ECONNRESET|EPIPE|socket hang up|ends the connection/i, '连接被对方断开'],
  [/ETIMEDOUT|time(d )?out|in time/i, '超时无应答'],
  [/HAS_EXPIRED|certificate has expired/i, '证书已过期'],
  [/ALTNAME|altnames/i, '证书与地址不符'],
  [/self.signed|SELF_SIGNED|unable to (get|verify)|UNABLE_TO/i, '证书不受信任'],
  [/not authorized|bad user ?name/i, '登录被拒绝'],
  [/EACCES|EPERM/, '没有权限'],
  [/EROFS/, '磁盘只读'],
  [/ENOSPC|EDQUOT/, '磁盘空间不足'],
  [/ENOENT/, '文件不存在'],
  [/not valid JSON/, '不是有效的 JSON'],
];

/** In Chinese, where it is one of the common ones; else as it was said. */
export function causeInChinese(said: string): string {
  return CAUSES.find(([pattern]) => pattern.test(said))?.[1] ?? said;
}
