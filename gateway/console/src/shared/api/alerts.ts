/** Requests about alerts: what waits for a verdict, what has one, and giving it. */
import type {
  Alert,
  AlertNearby,
  AlertPage,
  Confirmation,
  OfCamera,
  RejectionOutcome,
  UndoOutcome,
} from '@roadwatch/contract/api';
import type { Items, Send } from './connection.ts';

function queueQuery(filter: string): URLSearchParams {
  const query = new URLSearchParams({ state: 'new', order: 'queue', limit: '100' });
  for (const [name, value] of new URLSearchParams(filter)) query.set(name, value);
  if (query.get('state') === 'any') query.delete('state');
  return query;
}

export function alertRequests(send: Send) {
  const act = <T = Alert>(id: string, command: string, body: object = {}, key?: string): Promise<T> =>
    send('POST', `/api/alerts/${id}/${command}`, body, key === undefined ? {} : { key });
  return {
    /**
     * Those that wait for a verdict, in the order in which they are judged. `filter`: a query, or empty, which may ask for others
     * (`state`); `after`: of the page before.
     */
    queue: (filter: string, after: string | null): Promise<AlertPage> => {
      const query = queueQuery(filter);
      if (after !== null) query.set('after', after);
      return send('GET', `/api/alerts?${query}`);
    },
    /** Those of them that are in that list now. */
    renewed: (filter: string, ids: readonly string[]): Promise<AlertPage> =>
      send('GET', `/api/alerts?${queueQuery(filter)}&ids=${ids.join(',')}`),
    one: (id: string): Promise<Alert> => send('GET', `/api/alerts/${id}`),
    /** The latest of a camera, so many at most, whatever became of them. */
    async ofCamera({ site, agent, camera }: OfCamera, most = 100): Promise<readonly Alert[]> {
      const path = `/api/alerts?camera=${site}/${agent}/${camera}&order=newest&limit=${most}`;
      return (await send<Items<Alert>>('GET', path)).items;
    },
    /** Those that were judged so, page by page. */
    judged: (query: Readonly<Record<string, string>>, after: string | null): Promise<AlertPage> => {
      const page = { limit: '50', ...(after === null ? {} : { after }) };
      return send('GET', `/api/alerts?${new URLSearchParams({ ...query, ...page })}`);
    },
    async mergeCandidates(id: string): Promise<readonly AlertNearby[]> {
      return (await send<Items<AlertNearby>>('GET', `/api/alerts/${id}/nearby`)).items;
    },
    /** `key`: of the verdict, so that it counts once however often it is sent. */
    confirm: (id: string, key: string) => act<Confirmation>(id, 'confirm', {}, key),
    reject: (id: string, reason: string, key: string) => act(id, 'reject', { reason }, key),
    /** Each as it was on the screen. */
    async rejectMany(
      alerts: readonly Pick<Alert, 'id' | 'version'>[],
      reason: string,
      key: string,
    ): Promise<readonly RejectionOutcome[]> {
      const answer = await send<Items<RejectionOutcome>>(
        'POST',
        '/api/alerts/reject',
        { alerts, reason },
        { key },
      );
      return answer.items;
    },
    async undoMany(ids: readonly string[], key: string): Promise<readonly UndoOutcome[]> {
      return (await send<Items<UndoOutcome>>('POST', '/api/alerts/undo', { ids }, { key })).items;
    },
    shelve: (id: string, until: Date, reason: string, key: string) =>
      act(id, 'shelve', { until: until.toISOString(), reason }, key),
    merge: (id: string, into: string, key: string) => act(id, 'merge', { into }, key),
    undo: (id: string, key: string) => act(id, 'undo', {}, key),
  };
}
