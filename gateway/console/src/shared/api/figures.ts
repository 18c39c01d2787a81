/** Requests for figures of a period. A year of a large city takes the gateway some seconds. */
import type { FigureReport } from '@roadwatch/contract/api';
import type { Send } from './connection.ts';

const TIMEOUT_MS = 60_000;

export function figureRequests(send: Send) {
  return {
    /** `query`: as in the address, such as `from=2026-11-01&to=2026-11-30&by=unit`. */
    report: (query: string): Promise<FigureReport> =>
      send('GET', `/api/figures?${query}`, undefined, { timeoutMs: TIMEOUT_MS }),
  };
}
