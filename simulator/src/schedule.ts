/** Faults at set seconds of a camera's life. */
import type { Camera } from './camera.ts';
import type { Fault } from './faults.ts';

export interface TimedFault {
  readonly fault: Fault;
  /** Seconds since the camera began. */
  readonly at: number;
  /** Without it, for ever. */
  readonly until?: number;
}

/** Begins and ends the faults as their time comes; the timers end with the signal. Failures go to `onError`. */
export function scheduleFaults(
  camera: Camera,
  faults: readonly TimedFault[],
  signal: AbortSignal,
  onError: (error: Error) => void,
): void {
  const timers = new Set<NodeJS.Timeout>();
  const at = (seconds: number, action: () => void): void => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        action();
      },
      Math.max(0, seconds * 1000 - camera.ticks() / 90),
    );
    timers.add(timer);
  };
  const begin = (): void => {
    for (const { fault, at: from, until } of faults) {
      at(from, () => void camera.beginFault(fault).catch(onError));
      if (until !== undefined) at(until, () => camera.endFault(fault.kind));
    }
  };
  if (camera.startedAtMs === null) camera.once('playing', begin);
  else begin();
  signal.addEventListener(
    'abort',
    () => {
      camera.off('playing', begin);
      for (const timer of timers) clearTimeout(timer);
    },
    { once: true },
  );
}
