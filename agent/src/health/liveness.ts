/** Whether the agent does what it is there for, said to the service manager that ends what hangs. */
import type { Liveness } from '@roadwatch/common';
import type { AgentFigures } from './metrics.ts';

/**
 * A camera that is away, a broker that is away and a full disk are no reasons: to begin anew mends none of them. That a frame has
 * waited for so long is one: on the slowest box a turn takes seconds, and a thread that is lost is replaced within half a minute, so
 * the model hangs.
 */
const STUCK_MS = 60_000;

/** `longestWaitMs`: of a frame, until it is analysed. */
export function liveness(
  { cameras, brokerConnected, outboxDepth }: AgentFigures,
  longestWaitMs: number,
): Liveness {
  const streaming = cameras.filter((camera) => camera.streaming).length;
  const waits = outboxDepth === 0 ? '' : `, ${outboxDepth} messages wait`;
  const broker = brokerConnected ? 'broker connected' : 'broker not connected';
  const seconds = Math.floor(longestWaitMs / 1000);
  return {
    status: `${streaming} of ${cameras.length} cameras stream, ${broker}${waits}`,
    stuck: longestWaitMs < STUCK_MS ? null : `a picture has waited for ${seconds} s to be analysed`,
  };
}
