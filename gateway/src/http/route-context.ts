/** What routes are given. */
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import type { Thumbnails } from '../evidence/thumbnail.ts';
import type { Settings } from '../settings/settings.ts';
import type { ChangeFeed } from '../store/change-feed.ts';
import type { Store } from '../store/database.ts';

export interface GatewayParts {
  /** With the city's settings of now: what the console changes must be read from it anew each time. */
  readonly config: Config;
  readonly settings: Settings;
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly thumbnails: Thumbnails;
  readonly changes: ChangeFeed;
  readonly log: Logger;
}
