/** Hardware decoding by preset: what ffmpeg must be told, and whether this machine can do it. */
import { existsSync, readdirSync } from 'node:fs';
import type { Logger } from 'pino';
import type { HardwarePreset } from '../config/schema.ts';
import { ffmpegArguments, runFfmpeg } from './process.ts';

export interface DecoderOptions {
  /** Before the input. */
  readonly input: readonly string[];
  /** First in the filter chain: brings the picture from the device to memory, in a format that the scaler knows. */
  readonly filters: readonly string[];
}

export const SOFTWARE: DecoderOptions = { input: [], filters: [] };

const PRESETS: Readonly<Record<HardwarePreset, DecoderOptions>> = {
  none: SOFTWARE,
  vaapi: {
    input: ['-hwaccel', 'vaapi', '-hwaccel_device', renderNode(), '-hwaccel_output_format', 'vaapi'],
    filters: ['hwdownload', 'format=nv12'],
  },
  qsv: {
    input: ['-hwaccel', 'qsv', '-hwaccel_output_format', 'qsv'],
    filters: ['hwdownload', 'format=nv12'],
  },
  cuda: {
    input: ['-hwaccel', 'cuda', '-hwaccel_output_format', 'cuda'],
    filters: ['hwdownload', 'format=nv12'],
  },
  v4l2m2m: { input: ['-c:v', 'h264_v4l2m2m'], filters: [] },
  rkmpp: {
    input: ['-hwaccel', 'rkmpp', '-hwaccel_output_format', 'drm_prime'],
    filters: ['hwdownload', 'format=nv12'],
  },
};

/** Each preset that is asked for is tried once; where one cannot be had here, decoding is done in software. */
export async function probeDecoders(
  wanted: Iterable<HardwarePreset>,
  log: Logger,
): Promise<ReadonlyMap<HardwarePreset, DecoderOptions>> {
  const decoders = new Map<HardwarePreset, DecoderOptions>();
  for (const preset of new Set(wanted)) {
    const { decoder, problem } = await probeHardware(preset);
    if (problem !== null) log.warn({ hardware: preset, reason: problem }, 'decoding in software');
    decoders.set(preset, decoder);
  }
  return decoders;
}

/** The preset if a tiny H.264 stream can be decoded with it here, else software decoding and the reason. */
export async function probeHardware(
  preset: HardwarePreset,
): Promise<{ readonly decoder: DecoderOptions; readonly problem: string | null }> {
  if (preset === 'none') return { decoder: SOFTWARE, problem: null };
  const decoder = PRESETS[preset];
  try {
    const sample = await runFfmpeg(
      ffmpegArguments(
        [{ url: 'color=size=256x256:rate=5:duration=1', options: ['-f', 'lavfi'], foreign: null }],
        [{ target: 'pipe:1', options: ['-c:v', 'libx264', '-bf', '0', '-f', 'mpegts'] }],
      ),
      { maxBytes: 1_000_000, timeoutMs: 10_000 },
    );
    const url = `data:video/mp2t;base64,${sample.toString('base64')}`;
    await runFfmpeg(
      ffmpegArguments(
        [{ url, options: decoder.input, foreign: null }],
        [
          {
            target: 'pipe:1',
            options: [
              '-vf',
              [...decoder.filters, 'scale=64:64'].join(','),
              '-frames:v',
              '1',
              '-f',
              'rawvideo',
            ],
          },
        ],
      ),
      { maxBytes: 1_000_000, timeoutMs: 10_000 },
    );
    return { decoder, problem: null };
  } catch (error) {
    return { decoder: SOFTWARE, problem: `${preset} cannot decode here: ${(error as Error).message}` };
  }
}

function renderNode(): string {
  const dir = '/dev/dri';
  const node = existsSync(dir) ? readdirSync(dir).find((name) => name.startsWith('renderD')) : undefined;
  return `${dir}/${node ?? 'renderD128'}`;
}
