/** A clip as an agent cuts one from a stream, for alerts that nobody saw. */
import { collect } from '../media/process.ts';

/** A moving picture with noise as a fragmented MP4, as an agent cuts clips from a stream. */
export function renderMp4(
  { width, height }: { readonly width: number; readonly height: number },
  { seconds, fps, kbps }: { readonly seconds: number; readonly fps: number; readonly kbps: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const rate = `${kbps}k`;
  return collect(
    'ffmpeg',
    // biome-ignore format: one option with its value at a time
    ['-hide_banner', '-v', 'error', '-nostdin', '-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${fps}`,
      '-t', String(seconds), '-vf', 'noise=alls=12:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p',
      '-b:v', rate, '-maxrate', rate, '-bufsize', rate, '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4', 'pipe:1'],
    signal,
  );
}
