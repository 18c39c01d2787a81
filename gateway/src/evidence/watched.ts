/** Whether evidence can be written is told with whether the store can. */
import { folderTroubleOf } from '../store/trouble.ts';
import type { WriteHealth } from '../store/write-health.ts';
import type { EvidenceStore } from './store.ts';

/** The same store, whose writes are watched. */
export function watchedEvidence(evidence: EvidenceStore, health: WriteHealth): EvidenceStore {
  return {
    ...evidence,
    async put(sha256, bytes) {
      try {
        await evidence.put(sha256, bytes);
      } catch (error) {
        const trouble = folderTroubleOf(error);
        if (trouble !== null) health.failed('evidence', trouble);
        throw trouble ?? error;
      }
      health.wrote('evidence');
    },
  };
}
