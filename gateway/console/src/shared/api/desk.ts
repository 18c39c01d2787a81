/** Requests of one desk: what it is to judge, that it still has that on its screen, and that it is left. */
import type { DeskAsks, DeskNext, DeskRenewal } from '@roadwatch/contract/api';
import { at } from '../route/base.ts';
import type { Send } from './connection.ts';

export function deskRequests(send: Send) {
  return {
    next: (asks: DeskAsks): Promise<DeskNext> => send('POST', '/api/desk/next', asks),
    renew: (asks: DeskAsks): Promise<DeskRenewal> => send('POST', '/api/desk/renew', asks),
    /** Also from a page that is being closed, which waits for no answer. */
    leave(desk: string): void {
      const body = new Blob([JSON.stringify({ desk })], { type: 'application/json' });
      navigator.sendBeacon(at('/api/desk/release'), body);
    },
  };
}
