/** The evidence store that the configuration names. */
import type { Config } from '../config/config.ts';
import { s3EvidenceStore } from './s3.ts';
import { type EvidenceStore, folderEvidenceStore } from './store.ts';

export function openEvidence({ evidence }: Pick<Config, 'evidence'>): EvidenceStore {
  return evidence.s3 === undefined ? folderEvidenceStore(evidence.dir) : s3EvidenceStore(evidence.s3);
}
