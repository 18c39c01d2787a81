/** Requests about tokens, with which other programs use the API. */
import type { ApiToken, ApiTokenMade, NewToken } from '@roadwatch/contract/api';
import type { Items, Send } from './connection.ts';

export function tokenRequests(send: Send) {
  return {
    async list(): Promise<readonly ApiToken[]> {
      return (await send<Items<ApiToken>>('GET', '/api/tokens')).items;
    },
    /** Resolves with the token itself, which the gateway shows this once. */
    async make(wanted: NewToken): Promise<string> {
      return (await send<ApiTokenMade>('POST', '/api/tokens', wanted)).token;
    },
    revoke: (id: string): Promise<void> => send('DELETE', `/api/tokens/${id}`),
  };
}
