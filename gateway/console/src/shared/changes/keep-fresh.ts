/** How what is loaded is kept up to date: by what the gateway tells, and anew at times, in case an unseen fault has let something slip. */
import type { Listen } from './changes.ts';

const SAFETY_MS = 60_000;

/** Until the returned function is called. */
export function keepFresh(listen: Listen, onChange: Parameters<Listen>[0], anew: () => void): () => void {
  const stop = listen(onChange);
  const safety = setInterval(anew, SAFETY_MS);
  return () => {
    stop();
    clearInterval(safety);
  };
}
