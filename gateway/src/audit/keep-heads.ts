/**
 * Takes the head of the audit to where an intruder in the store has no say: the log, a file that is only ever appended to, and
 * once a day a mailbox.
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { type Head, headOf, printHead } from '../store/audit/head.ts';
import type { Store } from '../store/database.ts';

const DAY_MS = 86_400_000;
/** The day, counted from 1970, of the last head that was mailed: several gateways on one store mail it once. */
const MAILED = 'audit_head_mailed';

export type MailHead = (head: Head) => Promise<void>;

export interface HeadKeeper {
  /** Tells the head everywhere if it is another than the last time. Throws when one of the places cannot be written. */
  keep(): Promise<void>;
  /** As the gateway ends: without the mail, which may take long. */
  keepLast(): Promise<void>;
}

export function headKeeper(store: Store, file: string, mail: MailHead | null, log: Logger): HeadKeeper {
  let told = '';
  const tell = async (): Promise<Head | null> => {
    const head = await headOf(store.db, store.auditKeys, store.now());
    if (head === null || head.hash === told) return head;
    log.info({ auditHead: printHead(head) }, 'audit head');
    await appendLine(file, printHead(head));
    told = head.hash;
    return head;
  };
  return {
    async keep() {
      const head = await tell();
      if (head !== null && mail !== null) await mailDaily(store, head, mail);
    },
    async keepLast() {
      await tell();
    },
  };
}

async function appendLine(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, `${line}\n`, { mode: 0o600, flush: true });
}

async function mailDaily(store: Store, head: Head, mail: MailHead): Promise<void> {
  const day = Math.floor(store.now() / DAY_MS);
  const before = await claimDay(store, day);
  if (before === null) return;
  try {
    await mail(head);
  } catch (error) {
    await store.transaction((tx) =>
      tx.db.updateTable('counters').set({ value: before }).where('name', '=', MAILED).execute(),
    );
    throw error;
  }
}

/** The day that was mailed before; null when this one has been already. */
async function claimDay(store: Store, day: number): Promise<number | null> {
  return store.transaction(async ({ db }) => {
    await db
      .insertInto('counters')
      .values({ name: MAILED, value: 0 })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    const query = db.selectFrom('counters').select('value').where('name', '=', MAILED);
    const { value } = await query.executeTakeFirstOrThrow();
    const { numUpdatedRows } = await db
      .updateTable('counters')
      .set({ value: day })
      .where('name', '=', MAILED)
      .where('value', '=', value)
      .where('value', '<', day)
      .executeTakeFirst();
    return numUpdatedRows === 0n ? null : value;
  });
}
