/** The clock on the wall that every page reads: that of the city. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type WallClock, wallClock } from './time.ts';

export const WallClockContext = createContext<WallClock>(wallClock('UTC'));

export function useWallClock(): WallClock {
  return useContext(WallClockContext);
}
