/** What a file holds, by ffprobe. */
import { DEFAULT_ENCODER } from './encoder-settings.ts';
import { collect, MissingProgramError, UnusableSourceError } from './process.ts';

export interface ProbedVideo {
  readonly codec: string;
  readonly pixelFormat: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number | null;
}

/**
 * What a file holds, by ffprobe.
 * @throws UnusableSourceError when it is not readable as video
 */
export async function probe(file: string, signal: AbortSignal): Promise<ProbedVideo> {
  const out = await collect(
    'ffprobe',
    // biome-ignore format: one option with its value at a time
    ['-v', 'error', '-select_streams', 'v:0', '-show_entries',
      'stream=codec_name,pix_fmt,width,height,avg_frame_rate,r_frame_rate,duration:format=duration',
      '-of', 'json', '-i', `file:${file}`],
    signal,
  ).catch((error: Error) => {
    if (error instanceof MissingProgramError) throw error;
    throw new UnusableSourceError(`${file}: not readable as video (${error.message})`);
  });
  const { streams = [], format = {} } = JSON.parse(out.toString('utf8')) as {
    streams?: Record<string, string | number>[];
    format?: Record<string, string>;
  };
  const stream = streams[0];
  if (stream === undefined) throw new UnusableSourceError(`${file}: holds no video`);
  const width = Number(stream.width);
  const height = Number(stream.height);
  if (!(width >= 16 && height >= 16 && width <= 8192 && height <= 8192)) {
    throw new UnusableSourceError(`${file}: picture size ${width}x${height} is outside 16x16 to 8192x8192`);
  }
  const fps = ratio(stream.avg_frame_rate) || ratio(stream.r_frame_rate) || DEFAULT_ENCODER.fps;
  const seconds = Number(stream.duration ?? format.duration);
  return {
    codec: String(stream.codec_name),
    pixelFormat: String(stream.pix_fmt),
    width,
    height,
    fps: Math.min(240, Math.max(0.1, fps)),
    seconds: Number.isFinite(seconds) ? seconds : null,
  };
}

function ratio(value: string | number | undefined): number {
  const [above, below] = String(value).split('/').map(Number);
  const result = (above ?? 0) / (below ?? 1);
  return Number.isFinite(result) ? result : 0;
}
