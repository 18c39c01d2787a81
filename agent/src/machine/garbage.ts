/**
 * How often V8 tidies up. It counts the buffers that video passes through as if they were its own small heap, and with many cameras
 * looks through that several times a second, for nothing: a fifth of a core with 96.
 */
import { setFlagsFromString } from 'node:v8';

/** From so many on, the memory that it takes is little beside what the cameras take: 70 MiB at most. */
const MANY_CAMERAS = 32;

export function tidyForCameras(cameras: number): void {
  // The heap may grow to four times what is in use before it is looked through. Back to V8's own rule with 0.
  setFlagsFromString(`--heap-growing-percent=${cameras >= MANY_CAMERAS ? 300 : 0}`);
}
