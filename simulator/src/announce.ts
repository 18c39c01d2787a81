/** Tells when damage comes into the picture that a camera plays, so that what others make of it can be timed. */
import type { Logger } from 'pino';
import type { Camera } from './camera/camera.ts';
import type { CameraSource } from './sources/source.ts';

const LOOK_EVERY_MS = 200;
/** Halvings of the time between two looks: to about a millisecond. */
const HALVINGS = 8;

/** Each damage is told once, with the instant of its first picture; ends with the signal. */
export function announceDamage(camera: Camera, source: CameraSource, signal: AbortSignal, log: Logger): void {
  const { truthAt } = source;
  if (truthAt === undefined) return;
  const told = new Set<string>();
  let lastLook = 0;
  const timer = setInterval(() => {
    const { seconds: now, startedAtMs } = camera;
    if (now === null || startedAtMs === null) return;
    for (const { id, kind } of truthAt(now)) {
      if (kind === 'repair' || told.has(id)) continue;
      told.add(id);
      const isThere = (seconds: number): boolean => truthAt(seconds).some((other) => other.id === id);
      const at = new Date(startedAtMs + onset(isThere, lastLook, now) * 1000).toISOString();
      log.info({ camera: camera.path, damage: id, damageClass: kind, at }, 'damage in view');
    }
    lastLook = now;
  }, LOOK_EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** When it began to be so between an instant at which it may not have been and one at which it is. */
function onset(isSo: (seconds: number) => boolean, from: number, to: number): number {
  if (isSo(from)) return from;
  let [before, after] = [from, to];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (before + after) / 2;
    if (isSo(middle)) after = middle;
    else before = middle;
  }
  return after;
}
