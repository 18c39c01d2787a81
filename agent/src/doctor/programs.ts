/** ffmpeg, its decoders, and whether a graphics device decodes. */

import type { HardwarePreset } from '../config/schema.ts';
import { missingTools } from '../ffmpeg/containment.ts';
import { probeHardware } from '../ffmpeg/hardware.ts';
import { ffmpegProblem, ffmpegVersion } from '../ffmpeg/probe.ts';
import { runFfmpeg } from '../ffmpeg/process.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const NEEDED = ['h264', 'hevc'];
const DEVICES: readonly HardwarePreset[] = ['vaapi', 'qsv', 'cuda', 'v4l2m2m', 'rkmpp'];
const INSTALL = { en: 'apt-get install ffmpeg', zh: 'apt-get install ffmpeg' };

export async function checkFfmpeg(signal: AbortSignal): Promise<Finding[]> {
  const version = await ffmpegVersion();
  const problem = ffmpegProblem(version);
  if (problem !== null)
    return [
      fail(
        'ffmpeg',
        {
          en: problem,
          zh: version === null ? '未安装 ffmpeg' : `ffmpeg ${version} 版本过旧，需要 5.1 或更新`,
        },
        INSTALL,
      ),
    ];
  const found: Finding[] = [ok('ffmpeg', `ffmpeg ${version}`, `ffmpeg ${version}`)];
  const list = await runFfmpeg(['-hide_banner', '-decoders'], {
    maxBytes: 1_000_000,
    timeoutMs: 10_000,
    signal,
  });
  const missing = NEEDED.filter((codec) => !new RegExp(`^ V\\S+ ${codec} `, 'm').test(list.toString()));
  found.push(
    missing.length === 0
      ? ok('ffmpeg.decoders', 'decodes H.264 and H.265', '可解码 H.264 和 H.265')
      : fail(
          'ffmpeg.decoders',
          { en: `has no decoder for ${missing.join(', ')}`, zh: `缺少解码器：${missing.join('、')}` },
          INSTALL,
        ),
  );
  const tools = missingTools();
  if (tools.length > 0)
    found.push(
      warn(
        'ffmpeg.limits',
        {
          en: `ffmpeg runs without limits: ${tools.join(', ')} is missing`,
          zh: `ffmpeg 运行不受限制：缺少 ${tools.join('、')}`,
        },
        { en: 'apt-get install util-linux', zh: 'apt-get install util-linux' },
      ),
    );
  return found;
}

/** `wanted`: of the configuration. Those that nobody asked for are tried as well, so that a person knows what there is. */
export async function checkHardware(wanted: ReadonlySet<HardwarePreset>): Promise<Finding[]> {
  const tried = await Promise.all(
    DEVICES.map(async (preset) => ({ preset, ...(await probeHardware(preset)) })),
  );
  const works = tried.filter(({ problem }) => problem === null).map(({ preset }) => preset);
  const broken = tried.filter(({ preset, problem }) => wanted.has(preset) && problem !== null);
  if (broken.length > 0)
    return broken.map(({ preset, problem }) =>
      warn(
        'hardware',
        { en: `decoding is in software: ${problem}`, zh: `使用软件解码：${preset} 在本机不可用` },
        {
          en: works.length > 0 ? `set hardware: ${works[0]}` : 'install its driver, or set hardware: none',
          zh: works.length > 0 ? `设置 hardware: ${works[0]}` : '安装驱动，或设置 hardware: none',
        },
      ),
    );
  const unused = works.filter((preset) => !wanted.has(preset));
  if (wanted.size === 0 && unused.length > 0)
    return [
      ok(
        'hardware',
        `decoding is in software; ${unused.join(', ')} would work here`,
        `使用软件解码；本机可用 ${unused.join('、')}`,
      ),
    ];
  if (wanted.size === 0)
    return [
      ok('hardware', 'decoding is in software; no device decodes here', '使用软件解码；本机无可用硬件解码'),
    ];
  return [ok('hardware', `${[...wanted].join(', ')} decodes`, `${[...wanted].join('、')} 可用`)];
}
