/** Requests of one desk: what it is to judge, that it still has that on its screen, and that it is left. */
import type { DeskAsks, DeskLooks, DeskNext, DeskRenewal } from '@roadwatch/contract/api';
import type { Send } from './connection.ts';

export function deskRequests(send: Send) {
  return {
    next: (asks: DeskLooks): Promise<DeskNext> => send('POST', '/api/desk/next', asks),
    renew: (asks: DeskAsks): Promise<DeskRenewal> => send('POST', '/api/desk/renew', asks),
    /** Also from a page that is being closed, which waits for no answer. */
    leave(desk: string): void {
      // Unheard, the desk's leases end by themselves.
      send('POST', '/api/desk/release', { desk }, { outlivesPage: true }).catch(() => undefined);
    },
  };
}
