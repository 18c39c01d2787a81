/** The present instant on the gateway's clock in milliseconds, renewed every second. */
import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../api/use-api.ts';

export function useNow(): number {
  const api = useApi();
  const [now, setNow] = useState(api.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(api.now()), 1_000);
    return () => clearInterval(timer);
  }, [api]);
  return now;
}
