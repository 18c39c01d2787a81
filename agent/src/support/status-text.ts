/** What the running agent says of itself, in words. */
import type { CameraCondition, CameraFault, CameraState } from '@roadwatch/contract';
import { AGENT_TROUBLES, CAMERA_CARES, CAMERA_FAULTS } from '@roadwatch/contract/codes';
import type { LevelNow } from '../control/log-level.ts';
import type { RunningAgent } from '../doctor/running-agent.ts';
import type { Language, Words } from '../language.ts';
import { machineText } from './machine-text.ts';

export const NOT_RUNNING: Words = {
  en: 'no agent answers at the address of health; is it started?',
  zh: 'health 地址无应答；程序是否已启动？',
};

const CONDITIONS: Readonly<Record<CameraCondition, Words>> = {
  starting: { en: 'starting', zh: '启动中' },
  streaming: { en: 'streams', zh: '正常' },
  stalled: { en: 'no picture', zh: '无画面' },
  refused: { en: 'refused', zh: '连接被拒' },
  dark: { en: 'too dark', zh: '过暗' },
  blurred: { en: 'blurred', zh: '模糊' },
  covered: { en: 'covered', zh: '被遮挡' },
  frozen: { en: 'frozen', zh: '画面冻结' },
  moved: { en: 'moved', zh: '视角偏移' },
  placeholder: { en: 'shows a placeholder', zh: '占位画面' },
  paused: { en: 'paused', zh: '已暂停' },
};

export function statusText(running: RunningAgent, language: Language): string {
  const { site, agent, version, log, cameras, brokerConnected, outboxDepth, inference, troubles } = running;
  const streaming = cameras.filter(({ state }) => state === 'streaming').length;
  const head = {
    en: `${site}/${agent} ${version}: ${streaming} of ${cameras.length} cameras stream; broker ${brokerConnected ? 'connected' : 'NOT connected'}; ${outboxDepth} message(s) wait`,
    zh: `${site}/${agent} ${version}：${cameras.length} 台摄像机中 ${streaming} 台正常；消息服务器${brokerConnected ? '已连接' : '未连接'}；待发消息 ${outboxDepth} 条`,
  };
  const lines = [
    head[language],
    // Not to be forgotten: it costs room on the disk, or hides what should be seen.
    ...(log === undefined || log.level === log.settings ? [] : [`  ${logLevelText(log)[language]}`]),
    ...machineText(running, language).map((line) => `  ${line}`),
    ...(inference === undefined ? [] : [`  ${inferenceText(inference)[language]}`]),
    ...troubles.map(({ code, detail }) => `  ! ${troubleText(code, detail, language)}`),
    ...cameras.flatMap((camera) => [
      `  ${cameraText(camera, language)}`,
      ...(camera.faults ?? []).map((fault) => `    ! ${careText(fault, language)}`),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

export function logLevelText({ level, settings }: LevelNow): Words {
  if (level === settings)
    return { en: `logs ${level}, as its settings say`, zh: `日志级别 ${level}（按配置）` };
  return {
    en: `logs ${level} until its next start; its settings say ${settings}`,
    zh: `日志级别 ${level}，至下次启动为止（配置为 ${settings}）`,
  };
}

function inferenceText({ provider, threads, trials }: NonNullable<RunningAgent['inference']>): Words {
  const measured = trials.find((trial) => trial.provider === provider && trial.threads === threads);
  const { cpuMs, pictureMs } = measured ?? {};
  return {
    en: `the model runs by ${provider}, ${threads} thread(s)${measured === undefined ? '' : `: ${cpuMs} ms of processor time a picture, done in ${pictureMs} ms`}`,
    zh: `模型推理：${provider}，${threads} 线程${measured === undefined ? '' : `；每帧占用处理器 ${cpuMs} 毫秒，用时 ${pictureMs} 毫秒`}`,
  };
}

function troubleText(code: string, detail: string, language: Language): string {
  const troubles: Readonly<Record<string, Words>> = AGENT_TROUBLES;
  const known = Object.hasOwn(troubles, code) ? troubles[code] : undefined;
  return known === undefined || language === 'en' ? detail : `${known.zh}（${detail}）`;
}

function careText({ code, detail }: CameraFault, language: Language): string {
  const cares: Readonly<Record<string, Words>> = CAMERA_CARES;
  const known = Object.hasOwn(cares, code) ? cares[code] : undefined;
  if (known === undefined) return detail;
  return language === 'en' ? `${known.en} ${detail}` : `${known.zh}（${detail}）`;
}

function cameraText(state: CameraState, language: Language): string {
  const { camera, name, code, reason, fps, lastFrameAgeMs } = state;
  const seconds = lastFrameAgeMs === null ? null : Math.round(lastFrameAgeMs / 1000);
  const seen = {
    en: seconds === null ? 'no picture yet' : `last picture ${seconds} s ago, ${fps} a second`,
    zh: seconds === null ? '尚无画面' : `最近画面 ${seconds} 秒前，每秒 ${fps} 帧`,
  }[language];
  const faults: Readonly<Record<string, Words>> = CAMERA_FAULTS;
  const known = code !== undefined && Object.hasOwn(faults, code) ? faults[code] : undefined;
  const why = language === 'zh' && known !== undefined ? known.zh : reason;
  const how = CONDITIONS[state.state][language];
  return `${camera} (${name[language]}): ${how}; ${seen}${why === undefined ? '' : `; ${why}`}`;
}
