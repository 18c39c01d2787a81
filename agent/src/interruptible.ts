/** Commands that somebody may stop waiting for: what they have begun is taken back before the process ends. */
const ENDINGS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Aborts the work at Ctrl-C, at a request to end, and when its terminal is gone; the process then ends as by that signal, once the work
 * has. Whoever asks a second time does not wait. What is done when the signal comes stays done.
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  let ending: NodeJS.Signals | null = null;
  const forget = (): void => {
    for (const name of ENDINGS) process.off(name, stop);
  };
  const stop = (name: NodeJS.Signals): void => {
    forget();
    ending = name;
    stopping.abort();
  };
  for (const name of ENDINGS) process.on(name, stop);
  try {
    await work(stopping.signal);
  } catch (error) {
    if (ending === null) throw error;
    process.kill(process.pid, ending);
  } finally {
    forget();
  }
}
