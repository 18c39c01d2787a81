/** Faults at set seconds of a camera's life. */
import type { Camera } from './camera.ts';
import type { Fault } from './faults.ts';

export interface TimedFault {
  readonly fault: Fault;
  /** Seconds since the camera's first second began. */
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
      Math.max(0, (seconds - (camera.seconds ?? 0)) * 1000),
    );
    timers.add(timer);
  };
  const begin = (): void => {
    for (const { fault, at: from, until } of faults) {
      at(from, () => void camera.beginFault(fault).catch(onError));
      if (until !== undefined) at(until, () => camera.endFault(fault.kind));
    }
  };
  if (camera.seconds === null) camera.once('started', begin);
  else begin();
  signal.addEventListener(
    'abort',
    () => {
      camera.off('started', begin);
      for (const timer of timers) clearTimeout(timer);
    },
    { once: true },
  );
}
