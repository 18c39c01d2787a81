/** The commands' end of the socket. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { LogLevel as Level } from '@roadwatch/contract';
import { SaidError } from '../language.ts';
import type { LevelNow } from './log-level.ts';
import { controlSocketIn } from './socket.ts';

const ANSWER_MS = 5_000;

/**
 * `level`: the one to have until the next start, or null for that of the settings; left out, only the present one is asked for. Null where no
 * agent answers. Throws SaidError where this user may not ask it.
 */
export async function askLogLevel(dataDir: string, level?: Level | null): Promise<LevelNow | null> {
  try {
    const asking = request({
      socketPath: controlSocketIn(dataDir),
      path: '/log-level',
      method: level === undefined ? 'GET' : 'PUT',
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    asking.end(level === undefined ? undefined : JSON.stringify({ level }));
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return response.statusCode === 200 ? (JSON.parse(text) as LevelNow) : null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM')
      throw new SaidError({
        en: `only the agent's own user, or root, may do this; run it with sudo`,
        zh: '只有程序所属用户或 root 可执行；请用 sudo 运行',
      });
    return null;
  }
}
