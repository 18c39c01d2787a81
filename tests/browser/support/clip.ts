/** A short H.264 clip, as an agent cuts it from a camera's stream. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../support/temp.ts';

export async function shortClip(seconds = 1): Promise<Buffer> {
  const file = join(await temporaryFolder(), 'clip.mp4');
  const picture = `testsrc2=size=320x180:rate=10:duration=${seconds}`;
  const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'];
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', picture, ...video, file]);
  return readFile(file);
}
