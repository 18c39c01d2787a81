/** The log level of an agent that runs, changed by somebody at its box. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temp.ts';
import { boxSettings, potholeModel, startBoxOfFile } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

/** As somebody at the box runs it. */
function logLevel(...args: readonly string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['agent/src/cli.ts', 'log-level', ...args],
      { env: { ...process.env, LC_ALL: 'C' } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
    );
  });
}

test('a level from the command outlasts other settings, and ends with the agent', async () => {
  const gateway = await GatewayStandIn.start();
  const folder = await temporaryFolder();
  const file = join(folder, 'agent.yaml');
  const settings = (level: string): object =>
    boxSettings(gateway.url, { url: 'rtsp://127.0.0.1:1/' }, { model, log: { level } });
  const model = await potholeModel();
  const box = await startBoxOfFile(folder, settings('info'));
  await box.line('agent started');

  expect(await logLevel('--config', file)).toEqual({ code: 0, said: 'logs info, as its settings say\n' });
  expect(await logLevel('debug', '--config', file)).toEqual({
    code: 0,
    said: 'logs debug until its next start; its settings say info\n',
  });
  box.write(settings('warn'));
  // To be heard at all at such a level, it must still be the one that was asked for.
  await box.line('configuration applied');
  expect(await logLevel('--config', file, '--lang', 'zh')).toEqual({
    code: 0,
    said: '日志级别 debug，至下次启动为止（配置为 warn）\n',
  });
  expect((await logLevel('loud', '--config', file)).code).toBe(1);

  await box.agent.stop();
  expect(await logLevel('info', '--config', file)).toMatchObject({ code: 3 });
}, 60_000);

test('a file that does not say where the data is names its mistake', async () => {
  const file = join(await temporaryFolder(), 'agent.yaml');
  await writeFile(file, 'site: site\n');
  expect(await logLevel('--config', file)).toMatchObject({ code: 2, said: expect.stringMatching(/dataDir/) });
}, 60_000);
