/** Requests about what is handed out to boxes. */
import type {
  NewRollout,
  ReleaseDetail,
  ReleaseView,
  RolloutDetail,
  RolloutView,
} from '@roadwatch/contract/api';
import type { Items, Send } from './connection.ts';

/** Tens of megabytes over an office's line. */
const UPLOAD = { timeoutMs: 600_000 };

export function fleetRequests(send: Send) {
  const list =
    <Item>(path: string) =>
    async (): Promise<readonly Item[]> =>
      (await send<Items<Item>>('GET', path)).items;
  return {
    releases: list<ReleaseView>('/api/releases'),
    release: (id: string): Promise<ReleaseDetail> => send('GET', `/api/releases/${id}`),
    upload: (files: readonly File[]): Promise<ReleaseDetail> => {
      const form = new FormData();
      for (const file of files) form.append('file', file, file.name);
      return send('POST', '/api/releases', form, UPLOAD);
    },
    withdraw: (id: string): Promise<void> => send('POST', `/api/releases/${id}/withdraw`),
    rollouts: list<RolloutView>('/api/rollouts'),
    rollout: (id: string): Promise<RolloutDetail> => send('GET', `/api/rollouts/${id}`),
    begin: (wanted: NewRollout): Promise<RolloutDetail> => send('POST', '/api/rollouts', wanted),
    order: (id: string, order: 'pause' | 'resume' | 'cancel'): Promise<RolloutDetail> =>
      send('POST', `/api/rollouts/${id}/${order}`),
  };
}
