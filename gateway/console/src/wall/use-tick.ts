/** Draws anew every second: clocks and ages run. */
import { useEffect, useState } from 'preact/hooks';

export function useTick(): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
}
