/** The login of the cameras, asked once for all of them: from a file, from a variable, or from whoever sits there; never an argument. */
import { readFileSync } from 'node:fs';
import { type Credentials, Secret } from '@roadwatch/common';
import { causeInChinese, type Language, SaidError } from '../language.ts';
import { ask, askSecret, isInteractive } from './terminal.ts';

export interface LoginSource {
  /** A file that holds `user:password`. */
  readonly loginFile?: string | undefined;
  /** The name of a variable that does. */
  readonly loginEnv?: string | undefined;
}

/** Null: there is none. Throws a sentence. */
export async function readCameraLogin(
  { loginFile, loginEnv }: LoginSource,
  language: Language,
  signal: AbortSignal,
): Promise<Credentials | null> {
  if (loginFile !== undefined && loginEnv !== undefined)
    throw new SaidError({
      en: 'give either --login-file or --login-env',
      zh: '--login-file 与 --login-env 只能给其中一个',
    });
  if (loginFile !== undefined) return parseLogin(readIn(loginFile), `--login-file ${loginFile}`);
  if (loginEnv !== undefined) {
    const text = process.env[loginEnv];
    if (text === undefined)
      throw new SaidError({
        en: `--login-env: the variable ${loginEnv} is not set`,
        zh: `--login-env：环境变量 ${loginEnv} 未设置`,
      });
    return parseLogin(text, `--login-env ${loginEnv}`);
  }
  if (!isInteractive()) return null;
  const words = {
    en: ['User name of the cameras (empty: none): ', 'Password (not shown): '],
    zh: ['摄像机用户名（无则留空）：', '密码（不显示）：'],
  }[language];
  const username = (await ask(words[0] as string, signal)).trim();
  if (username === '') return null;
  return { username, password: new Secret(await askSecret(words[1] as string, signal)) };
}

/** A password may hold colons, a user name may not (RFC 7617 2). */
function parseLogin(text: string, from: string): Credentials {
  const line = text.replace(/\r?\n$/, '');
  const colon = line.indexOf(':');
  if (colon < 1 || /[\r\n]/.test(line) || line.length > 1024)
    throw new SaidError({
      en: `${from}: expected one line, USER:PASSWORD`,
      zh: `${from}：应为一行“用户名:密码”`,
    });
  return { username: line.slice(0, colon), password: new Secret(line.slice(colon + 1)) };
}

function readIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw new SaidError({
      en: `--login-file ${file}: cannot be read (${code})`,
      zh: `--login-file ${file}：无法读取（${causeInChinese(code)}）`,
    });
  }
}
