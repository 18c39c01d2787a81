/** What routes are given. */
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import type { ChangeFeed } from '../store/change-feed.ts';
import type { Store } from '../store/database.ts';

export interface GatewayParts {
  readonly config: Config;
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly changes: ChangeFeed;
  readonly log: Logger;
}
