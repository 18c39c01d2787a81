/** `2026-11-27 16:58:06` by the city's clock: what is recorded may be years old. */
import { useWallClock } from '../../shared/time/wall-clock.ts';

export function useWhen(): (at: string) => string {
  const { fullDay, clockTime } = useWallClock();
  return (at) => `${fullDay(at).slice(0, 'YYYY-'.length)}${clockTime(at)}`;
}
