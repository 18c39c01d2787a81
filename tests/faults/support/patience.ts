/** Waiting for what nobody announces: a row in a store, a figure of another process. */
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;

/** Whether it came to hold in that time. A look that throws is one that does not hold: what is looked at may be away. */
export async function comes(
  withinMs: number,
  holds: () => boolean | Promise<boolean>,
  everyMs = LOOK_EVERY_MS,
): Promise<boolean> {
  for (const until = performance.now() + withinMs; ; ) {
    const held = await Promise.resolve()
      .then(holds)
      .catch(() => false);
    if (held) return true;
    if (performance.now() > until) return false;
    await sleep(everyMs);
  }
}
