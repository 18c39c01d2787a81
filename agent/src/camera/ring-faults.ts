/** What of the ring ends a connection. */
import type { StreamFault } from './faults.ts';

export const RING_TOO_SMALL: StreamFault = {
  kind: 'ring',
  reason:
    'what the camera sends from one keyframe to the next does not fit into the ring; ' +
    'set it to a keyframe every 2 s and a lower bit rate, or raise ring.maxMegabytes',
};
export const RING_STUCK: StreamFault = {
  kind: 'disk',
  reason: 'the video ring grows, for its older files cannot be deleted; see ring.dir',
};
