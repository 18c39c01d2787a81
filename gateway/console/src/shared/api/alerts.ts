/** Requests about alerts: what waits for a verdict, what has one, and giving it. */
import type { Alert, AlertNearby, AlertPage, Confirmation, OfCamera } from '@roadwatch/contract/api';
import type { Items, Send } from './connection.ts';

export function alertRequests(send: Send) {
  const act = <T = Alert>(id: string, command: string, body: object = {}, key?: string): Promise<T> =>
    send('POST', `/api/alerts/${id}/${command}`, body, key === undefined ? {} : { key });
  return {
    /** Those that wait for a verdict, in the order in which they are judged. `filter`: a query, or empty; `after`: of the page before. */
    queue: (filter: string, after: string | null): Promise<AlertPage> => {
      const query = new URLSearchParams({ state: 'new', order: 'queue', limit: '100' });
      for (const [name, value] of new URLSearchParams(filter)) query.set(name, value);
      if (after !== null) query.set('after', after);
      return send('GET', `/api/alerts?${query}`);
    },
    one: (id: string): Promise<Alert> => send('GET', `/api/alerts/${id}`),
    /** The latest of a camera, whatever became of them. */
    async ofCamera({ site, agent, camera }: OfCamera): Promise<readonly Alert[]> {
      const path = `/api/alerts?camera=${site}/${agent}/${camera}&order=newest&limit=100`;
      return (await send<Items<Alert>>('GET', path)).items;
    },
    /** The latest that were judged so. */
    judged: (state: 'confirmed' | 'rejected' | 'shelved' | 'merged'): Promise<AlertPage> =>
      send('GET', `/api/alerts?state=${state}&order=newest&limit=100`),
    async mergeCandidates(id: string): Promise<readonly AlertNearby[]> {
      return (await send<Items<AlertNearby>>('GET', `/api/alerts/${id}/nearby`)).items;
    },
    /** `key`: of the verdict, so that it counts once however often it is sent. */
    confirm: (id: string, key: string) => act<Confirmation>(id, 'confirm', {}, key),
    reject: (id: string, reason: string, key: string) => act(id, 'reject', { reason }, key),
    shelve: (id: string, until: Date, reason: string, key: string) =>
      act(id, 'shelve', { until: until.toISOString(), reason }, key),
    merge: (id: string, into: string, key: string) => act(id, 'merge', { into }, key),
    undo: (id: string, key: string) => act(id, 'undo', {}, key),
  };
}
