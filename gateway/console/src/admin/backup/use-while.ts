/** Asks again each second while something is under way. */
import { useEffect } from 'preact/hooks';

const EVERY_MS = 1_000;

export function useWhile(isUnderWay: boolean, ask: () => void): void {
  useEffect(() => {
    if (!isUnderWay) return undefined;
    const timer = setInterval(ask, EVERY_MS);
    return () => clearInterval(timer);
  }, [isUnderWay, ask]);
}
