/** Whether the gateway does what it is there for, said to the service manager that ends what hangs. */
import type { Liveness } from '@roadwatch/common';
import type { Health } from '@roadwatch/contract/api';

const ANSWER_MS = 10_000;
const STUCK_MS = 60_000;

/**
 * Asked as a browser would ask. What cannot be written, or a broker that is away, is no reason: to begin anew mends neither, and
 * whoever watches is told by the answer itself. No answer at all is one, and a store that is given messages and says nothing.
 */
export async function liveness(consoleUrl: string, unansweredMs: number): Promise<Liveness> {
  const health = await fetch(`${consoleUrl}healthz`, { signal: AbortSignal.timeout(ANSWER_MS) })
    .then((answer) => answer.json() as Promise<Health>)
    .catch((error: Error) => error);
  if (health instanceof Error)
    return { status: '', stuck: `its own address does not answer: ${health.message}` };
  const troubles = health.troubles.map(({ code }) => code);
  const broker = health.broker ? [] : ['broker not connected'];
  const wrong = [...broker, ...troubles];
  return {
    status: wrong.length === 0 ? 'works' : `works, but: ${wrong.join(', ')}`,
    stuck:
      unansweredMs < STUCK_MS
        ? null
        : `the store has not answered for ${Math.floor(unansweredMs / 1000)} s to what agents sent`,
  };
}
