/** Requests about the screens that may show the wall. */
import type { ApiToken, NewWall, WallMade } from '@roadwatch/contract/api';
import type { Items, Send } from './connection.ts';

export function wallRequests(send: Send) {
  return {
    async list(): Promise<readonly ApiToken[]> {
      return (await send<Items<ApiToken>>('GET', '/api/walls')).items;
    },
    /** Resolves with the path of its address, which the gateway shows this once. */
    async make(wanted: NewWall): Promise<string> {
      return (await send<WallMade>('POST', '/api/walls', wanted)).path;
    },
    end: (id: string): Promise<void> => send('DELETE', `/api/walls/${id}`),
  };
}
