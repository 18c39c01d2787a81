/** Backups that an admin asks for: one at a time, into a folder of the gateway's own; the audit remembers which were made. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { thrown } from '@roadwatch/common';
import { timestamp } from '@roadwatch/contract';
import type { Backup } from '@roadwatch/contract/api';
import type { Logger } from 'pino';
import type { EvidenceStore } from '../evidence/store.ts';
import { type Actor, authorOf } from '../identity/actor.ts';
import { Refusal } from '../refusal.ts';
import type { Store } from '../store/database.ts';
import { type Archived, backUp, STORE_FILE } from './backup.ts';

const LISTED = 20;
const SUBJECT = 'backup';
const DISK_FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

export class Backups {
  readonly #store: Store;
  readonly #evidence: EvidenceStore;
  readonly #folder: string;
  readonly #log: Logger;
  #latest: Backup | null = null;
  #running: Promise<void> | null = null;
  #stopping = false;

  /** `dataDir`: in it, `backup` is written. Evidence that it has from an earlier one is not copied again. */
  constructor(store: Store, evidence: EvidenceStore, dataDir: string, log: Logger) {
    this.#store = store;
    this.#evidence = evidence;
    this.#folder = join(dataDir, 'backup');
    this.#log = log;
  }

  /** Begins one. Throws Refusal while another is under way. */
  begin(actor: Actor): Backup {
    if (this.#running !== null) throw new Refusal('backup_running', 'a backup is being made at this moment');
    const begun = {
      ...{ state: 'running' as const, at: timestamp(this.#store.now()), by: actor.name },
      ...{ folder: this.#folder, rows: 0, evidence: 0 },
    };
    this.#latest = begun;
    this.#running = this.#make(begun, actor).finally(() => {
      this.#running = null;
    });
    return begun;
  }

  /** The one that is under way or has failed here, and those that were made at any gateway, the latest first. */
  async list(): Promise<readonly Backup[]> {
    const rows = await this.#store.db
      .selectFrom('audit_log')
      .select(['at', 'actor', 'after'])
      // By the index of subjects: the audit is long.
      .where('subject', '=', SUBJECT)
      .where('action', '=', 'backup.made')
      .orderBy('seq', 'desc')
      .limit(LISTED)
      .execute();
    const made = rows.map(({ at, actor, after }): Backup => {
      const saved = JSON.parse(after ?? '{}') as Archived & { readonly folder: string };
      return { state: 'done', at: timestamp(Number(at)), by: actor, ...saved };
    });
    return this.#latest === null || this.#latest.state === 'done' ? made : [this.#latest, ...made];
  }

  /**
   * The rows of the one that was made last, as its file; the pictures are in the folder beside it. Whoever has it has the city's
   * records: that it left is written down first. Throws Refusal.
   */
  async rows(actor: Actor): Promise<{ readonly bytes: number; readonly stream: Readable }> {
    const file = await open(join(this.#folder, STORE_FILE)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw new Refusal('backup_unknown', 'no backup has been made here yet');
      throw error;
    });
    try {
      const { size } = await file.stat();
      await this.#store.transaction(async (tx) => {
        tx.audit({
          ...authorOf(actor),
          action: 'backup.downloaded',
          subject: SUBJECT,
          after: { bytes: size },
        });
      });
      // It closes the file, also when whoever reads goes away; a backup that is made meanwhile is another file.
      return { bytes: size, stream: file.createReadStream() };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Ends the one that is under way: its evidence may take hours, and what it has copied the next one need not. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  async #make(begun: Backup, actor: Actor): Promise<void> {
    try {
      const saved = await backUp(this.#store, this.#evidence, this.#folder, (progress) => {
        if (this.#stopping) throw new Error('the gateway is stopping');
        this.#latest = { ...begun, ...progress };
      });
      await this.#store.transaction(async (tx) => {
        const after = { folder: this.#folder, ...saved };
        tx.audit({ ...authorOf(actor), action: 'backup.made', subject: SUBJECT, after });
      });
      this.#latest = { ...begun, ...saved, state: 'done' };
      this.#log.info({ folder: this.#folder, ...saved }, 'backup made');
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      this.#latest = { ...begun, state: DISK_FULL.has(code) ? 'disk_full' : 'failed' };
      this.#log.error({ folder: this.#folder, ...thrown(error) }, 'backup not made');
    }
  }
}
