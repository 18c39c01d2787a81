/** A generated street as a camera. */
import { UnusableSourceError } from '../media/ffmpeg.ts';
import type { CameraSource, SourceOptions } from './source.ts';

export async function sceneSource(name: string, _options: SourceOptions): Promise<CameraSource> {
  throw new UnusableSourceError(`scene:${name}: no such scene`);
}
