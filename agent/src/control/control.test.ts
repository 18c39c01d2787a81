import { statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../tests/support/temp.ts';
import { askLogLevel } from './ask.ts';
import { LogLevel } from './log-level.ts';
import { ControlSocket, controlSocketIn } from './socket.ts';

async function box(folder?: string) {
  const dataDir = folder ?? (await temporaryFolder());
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
  const level = new LogLevel(log, 'info');
  const socket = await ControlSocket.start(dataDir, level, log);
  onTestFinished(() => socket?.stop());
  return { dataDir, log, level, lines, socket };
}

test('a level that was asked for counts at once, and also after the settings have changed', async () => {
  const { dataDir, log, level, lines } = await box();
  expect(await askLogLevel(dataDir)).toEqual({ level: 'info', settings: 'info' });
  expect(await askLogLevel(dataDir, 'debug')).toEqual({ level: 'debug', settings: 'info' });
  log.debug('now heard');
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'log level changed by a command, until the next start',
    'now heard',
  ]);
  level.settings = 'warn';
  expect(log.level).toBe('debug');
  expect(await askLogLevel(dataDir, null)).toEqual({ level: 'warn', settings: 'warn' });
  expect(log.level).toBe('warn');
});

test('nobody but the user of the agent can open the socket, and one that was left behind is no hindrance', async () => {
  const dataDir = await temporaryFolder();
  writeFileSync(controlSocketIn(dataDir), 'left behind');
  await box(dataDir);
  const { mode } = statSync(controlSocketIn(dataDir));
  expect((mode & 0o777).toString(8)).toBe('600');
  expect(await askLogLevel(dataDir)).not.toBeNull();
});

test.each([
  ['GET', '/', '', 404],
  ['POST', '/log-level', '', 405],
  ['PUT', '/log-level', '{"level":"silent"}', 400],
  ['PUT', '/log-level', 'debug', 400],
  ['PUT', '/log-level', `{"level":"debug","x":"${'x'.repeat(2_000)}"}`, 400],
])('%s %s %s changes nothing', async (method, path, body, expected) => {
  const { dataDir, log } = await box();
  const status = await new Promise((resolve, reject) => {
    const call = request({ socketPath: controlSocketIn(dataDir), method, path }, (response) => {
      resolve(response.statusCode);
      response.resume();
    });
    call.on('error', reject);
    call.end(body);
  });
  expect([status, log.level]).toEqual([expected, 'info']);
});

test('where there can be no socket the agent goes on and says so, and a command hears that nobody answers', async () => {
  const dataDir = join(await temporaryFolder(), 'x'.repeat(120));
  await mkdir(dataDir);
  const { socket, lines } = await box(dataDir);
  expect([socket, lines]).toEqual([null, [expect.stringContaining('no commands are taken on this box')]]);
  expect(await askLogLevel(dataDir, 'debug')).toBeNull();
});
