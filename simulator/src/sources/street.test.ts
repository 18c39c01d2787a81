import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../testing/folder.ts';
import { sceneSource } from './street.ts';

test('a scene whose thread is lost while it renders fails, and is not waited for', async () => {
  const kill = (thread: { terminate(): Promise<number> }): void => void thread.terminate();
  process.once('worker', kill);
  onTestFinished(() => void process.off('worker', kill));
  const options = {
    seed: 1,
    cacheDir: await temporaryFolder(),
    encoder: { fps: 5 },
    size: { width: 320, height: 180 },
    signal: new AbortController().signal,
  };
  await expect(sceneSource('quiet', options)).rejects.toThrow(/the thread that renders ended/);
});
