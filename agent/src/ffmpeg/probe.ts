/** Questions that are answered by a program of ffmpeg that runs for a moment: which one it is, and what it finds in a file. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { foreignInput, killGroup, spawnContained } from './containment.ts';

/** How many frames the video in a file is reordered by: above 0, a decoder holds back that many before it gives one out. */
export async function probeReordering(file: string, signal: AbortSignal): Promise<number | null> {
  const show = ['-select_streams', 'v:0', '-show_entries', 'stream=has_b_frames', '-of', 'csv=p=0'];
  const text = await runProgram(
    'ffprobe',
    ['-v', 'error', ...foreignInput(['file']), '-f', 'mpegts', ...show, file],
    signal,
  );
  const frames = Number.parseInt(text ?? '', 10);
  return Number.isNaN(frames) ? null : frames;
}

/** Whether ffmpeg can be run at all, and its version. */
export async function ffmpegVersion(): Promise<string | null> {
  const text = await runProgram('ffmpeg', ['-version']);
  return /^ffmpeg version (\S+)/.exec(text ?? '')?.[1] ?? null;
}

/** `-fps_mode` came with it. */
const OLDEST = [5, 1] as const;

/** Why this ffmpeg is of no use here, and which would be; null when it is. */
export function ffmpegProblem(version: string | null): string | null {
  const wanted = `ffmpeg ${OLDEST.join('.')} or newer is needed (Debian: apt-get install ffmpeg)`;
  if (version === null) return `ffmpeg is not installed; ${wanted}`;
  // Builds from its repository have no such number and are newer.
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return null;
  const isOld = Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]);
  return isOld ? `ffmpeg ${version} is too old; ${wanted}` : null;
}

const MAX_ANSWER = 1_000;
const PROGRAM_MS = 10_000;

/** The beginning of what a program prints; null when it cannot be run or takes too long. */
async function runProgram(
  program: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<string | null> {
  let child: ChildProcess;
  try {
    child = spawnContained(program, args, {}, ['ignore', 'pipe', 'ignore']);
  } catch {
    return null;
  }
  const end = (): void => killGroup(child, 'SIGKILL');
  const timer = setTimeout(end, PROGRAM_MS);
  signal?.addEventListener('abort', end);
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(0, MAX_ANSWER);
  });
  try {
    await once(child, 'close');
    return signal?.aborted === true ? null : text;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
