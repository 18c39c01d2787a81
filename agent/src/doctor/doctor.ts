/** `roadwatch-agent doctor`: looks at all that a box needs, also beside a running agent, and says what to mend. */
import { Semaphore } from '@roadwatch/common';
import { ConfigError, type ResolvedConfig, readConfig } from '../config/config.ts';
import type { HardwarePreset } from '../config/schema.ts';
import type { Language } from '../language.ts';
import { checkCamera } from './camera.ts';
import { countingConfig } from './configuration.ts';
import { type Finding, fail, type Level, ok } from './finding.ts';
import { checkBrokers, checkGateway } from './lines.ts';
import { checkDisk, checkLink, checkTemperature } from './machine.ts';
import { checkModel, checkRoadUsersModel } from './model.ts';
import { checkFfmpeg, checkHardware } from './programs.ts';
import { askRunning, type RunningAgent } from './running-agent.ts';

const CAMERAS_AT_ONCE = 4;

/** In the order in which a person mends it. */
export async function examine(
  file: string,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly Finding[]> {
  let own: ResolvedConfig;
  try {
    own = readConfig(file, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.message.split('\n').map((line) => configFinding(line));
    return [...lines, ...(await checkFfmpeg(signal)), checkTemperature(), ...checkLink()];
  }
  const { config, findings: ofGateway } = countingConfig(own);
  const running = await askRunning(config.health);
  const settings = [
    ...config.cameraProblems.map((problem) => configFinding(`${file}: ${problem}`)),
    ok('config', `${file}: ${own.cameras.length} camera(s)`, `${file}：${own.cameras.length} 台摄像机`),
    ...ofGateway,
    agentFinding(config, running),
  ];
  const presets = new Set<HardwarePreset>(config.cameras.map(({ hardware }) => hardware ?? config.hardware));
  presets.delete('none');
  const programs = await checkFfmpeg(signal);
  const hardware = programs[0]?.level === 'fail' ? [] : await checkHardware(presets);
  const places = new Semaphore(CAMERAS_AT_ONCE);
  const cameras = await Promise.all(
    (programs[0]?.level === 'fail' ? [] : config.cameras).map(async (camera) => {
      const free = await places.acquire();
      try {
        return await checkCamera(camera, running !== null || config.health.port === 0, signal);
      } finally {
        free();
      }
    }),
  );
  return [
    ...settings,
    ...programs,
    ...hardware,
    await checkModel(config.model, config.inference, signal),
    ...(config.verify.roadUsers ? [await checkRoadUsersModel(signal)] : []),
    ...cameras.flat(),
    ...(await checkBrokers(config, running, signal)),
    ...(await checkGateway(config, signal)),
    checkDisk(config),
    checkTemperature(),
    ...checkLink(),
  ];
}

function agentFinding({ health }: ResolvedConfig, running: RunningAgent | null): Finding {
  if (running !== null)
    return ok('agent', `the agent runs (${running.version})`, `程序运行中（${running.version}）`);
  return health.port === 0
    ? ok(
        'agent',
        'with health.port: 0 nobody can tell whether the agent runs',
        'health.port 为 0，无法判断程序是否在运行',
      )
    : ok('agent', 'the agent does not run', '程序未运行');
}

const MARKS: Readonly<Record<Level, string>> = { ok: '[ ok ]', warn: '[warn]', fail: '[FAIL]' };
const MARKS_ZH: Readonly<Record<Level, string>> = { ok: '[正常]', warn: '[注意]', fail: '[故障]' };

export function examinedText(findings: readonly Finding[], language: Language): string {
  const marks = language === 'zh' ? MARKS_ZH : MARKS;
  const lines = findings.flatMap(({ level, said, mend }) => [
    `${marks[level]} ${said[language]}`,
    ...(mend === undefined ? [] : [`       -> ${mend[language]}`]),
  ]);
  return `${lines.join('\n')}\n`;
}

function configFinding(line: string): Finding {
  const [, field] = /: ([A-Za-z][\w.[\]]*): /.exec(line) ?? [];
  const [, at] = /\bline (\d+)\b/.exec(line) ?? [];
  const place = `${at === undefined ? '' : `第 ${at} 行`}${field === undefined ? '' : ` ${field} 项`}`.trim();
  const zh = `配置文件${place === '' ? '' : `（${place}）`}有误。原文：${line}`;
  return fail('config', { en: line, zh }, { en: 'mend it in the file', zh: '在配置文件中更正' });
}
