import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@roadwatch/contract';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TestMailbox } from '../../testing/mailbox.ts';
import { testStore } from '../../testing/store.ts';
import { beginNewKey } from '../store/audit/chain.ts';
import { headOf, headsIn, printHead } from '../store/audit/head.ts';
import { verifyAudit } from '../store/audit/verify.ts';
import { Store } from '../store/database.ts';
import { describeAudit } from './describe.ts';
import { headKeeper } from './keep-heads.ts';
import { mailHeads } from './mail-head.ts';

const QUIET = pino({ level: 'silent' });
const entry = { actor: 'user:li', channel: 'console', action: 'alert.rejected', subject: 'alert:1' } as const;
const NOWHERE = '/nonexistent/audit-heads';

async function write(store: Store, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await store.transaction(async (tx) => tx.audit({ ...entry, after: { n } }));
}

async function written(count: number) {
  const { store, time } = await testStore();
  await write(store, count);
  const folder = join(store.auditKeys.file, '..');
  return { store, time, folder, heads: join(folder, 'audit-heads') };
}

const head = async (store: Store) =>
  printHead((await headOf(store.db, store.auditKeys, store.now())) ?? never());
const never = (): never => {
  throw new Error('no head');
};

type Attack = (store: Store) => Promise<void>;

/** As somebody does who can write to the store and has this program's source, but not the key. */
async function hashAnew(store: Store): Promise<void> {
  await store.transaction(async ({ db }) => {
    let previous = '0'.repeat(64);
    for (const row of await db.selectFrom('audit_log').selectAll().orderBy('seq').execute()) {
      const { seq, at, actor, channel, action, subject, before, after } = row;
      const text = JSON.stringify([previous, seq, at, actor, channel, action, subject, before, after]);
      const hash = createHash('sha256').update(text).digest('hex');
      await db
        .updateTable('audit_log')
        .set({ previous_hash: previous, hash })
        .where('seq', '=', seq)
        .execute();
      previous = hash;
    }
  });
}

const alter: Attack = (store) =>
  store.transaction(async ({ db }) => {
    await db.updateTable('audit_log').set({ actor: 'user:wang' }).where('seq', '=', 2).execute();
  });
const remove: Attack = (store) =>
  store.transaction(async ({ db }) => {
    await db.deleteFrom('audit_log').where('seq', '=', 2).execute();
    await db
      .updateTable('audit_log')
      .set((row) => ({ seq: row('seq', '-', 1) }))
      .where('seq', '>', 2)
      .execute();
    await db.updateTable('counters').set({ value: 3 }).where('name', '=', 'audit').execute();
  });
const cut: Attack = (store) =>
  store.transaction(async ({ db }) => {
    await db.deleteFrom('audit_log').where('seq', '>', 2).execute();
    await db.updateTable('counters').set({ value: 2 }).where('name', '=', 'audit').execute();
  });
const forgetKeys: Attack = (store) =>
  store.transaction(async ({ db }) => {
    await db.deleteFrom('audit_keys').execute();
  });
const inOrder =
  (...attacks: readonly Attack[]): Attack =>
  async (store) => {
    for (const attack of attacks) await attack(store);
  };

describe('what somebody does who can write to the store', () => {
  test.each<[string, Attack]>([
    ['an entry altered', alter],
    ['an entry altered and all hashed anew', inOrder(alter, hashAnew)],
    ['an entry removed and the rest moved up and hashed anew', inOrder(remove, hashAnew)],
    ['all hashed anew as if there had never been a key', inOrder(alter, hashAnew, forgetKeys)],
  ])('%s shows with the key', async (_name, attack) => {
    const { store } = await written(4);
    expect(await verifyAudit(store)).toMatchObject({ ok: true, entries: 4, unsealed: 0, unchecked: 0 });
    await attack(store);
    expect(await verifyAudit(store)).toMatchObject({ ok: false });
  });

  test.each<[string, Attack]>([
    ['the end cut off and the counter set back', cut],
    ['the end cut off and other entries written in its place', inOrder(cut, (store) => write(store, 2))],
    [
      'all of it removed',
      async (store) => {
        await cut(store);
        await store.transaction(async ({ db }) => {
          await db.deleteFrom('audit_log').execute();
          await db.updateTable('counters').set({ value: 0 }).where('name', '=', 'audit').execute();
        });
      },
    ],
  ])('%s shows against a head that was kept, and only then', async (_name, attack) => {
    const { store, folder } = await written(4);
    const kept = join(folder, 'mail.eml');
    writeFileSync(kept, `Subject: something\r\n\r\n${(await head(store)).replaceAll(' ', '\r\n')}\r\n`);
    await expect(describeAudit(store, NOWHERE, [kept])).resolves.toContainEqual(
      expect.stringMatching(/1 heads fit/),
    );
    await attack(store);
    expect(await verifyAudit(store)).toMatchObject({ ok: true });
    await expect(describeAudit(store, NOWHERE, [kept])).rejects.toThrow(/^entry \d+: /);
    await expect(describeAudit(store, NOWHERE, [readFileSync(kept, 'utf8')])).rejects.toThrow(/^entry \d+: /);
  });

  test('a head of their own making is no head', async () => {
    const { store } = await written(4);
    const real = await head(store);
    await alter(store);
    await hashAnew(store);
    const { hash } = await store.db
      .selectFrom('audit_log')
      .select('hash')
      .where('seq', '=', 4)
      .executeTakeFirstOrThrow();
    const forged = real.split(' ').with(3, hash).join(' ');
    await expect(describeAudit(store, NOWHERE, [forged])).rejects.toThrow(/not genuine/);
  });
});

describe('heads', () => {
  test('are appended to the log and the file when something new stands in the audit, and verify looks at them unasked', async () => {
    const { store, heads } = await written(2);
    const lines: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
    const keeper = headKeeper(store, heads, null, log);
    await keeper.keep();
    await keeper.keep();
    await write(store, 1);
    await keeper.keepLast();
    expect(headsIn(readFileSync(heads, 'utf8')).map(({ entries }) => entries)).toEqual([2, 3]);
    expect(headsIn(lines.join('')).map(({ entries }) => entries)).toEqual([2, 3]);
    expect(statSync(heads).mode & 0o777).toBe(0o600);
    await cut(store);
    await expect(describeAudit(store, heads, [])).rejects.toThrow(/is missing; the audit had 3 entries/);
  });

  test('are mailed once a day, by one of the gateways on a store, and again after a failure', async () => {
    const { store, time, heads } = await written(2);
    const mailbox = await TestMailbox.start();
    const smtp = {
      host: '127.0.0.1',
      port: mailbox.port,
      security: 'none',
      from: 'gateway@example.org',
    } as const;
    const mail = mailHeads(smtp, ['security@example.org']);
    let down = true;
    const keepers = [0, 1].map(() =>
      headKeeper(
        store,
        heads,
        async (given) => (down ? Promise.reject(new Error('down')) : mail(given)),
        QUIET,
      ),
    );
    await expect(keepers[0]?.keep()).rejects.toThrow('down');
    down = false;
    for (const keeper of keepers) await keeper.keep();
    await write(store, 1);
    for (const keeper of keepers) await keeper.keep();
    expect(mailbox.mails.map(({ text }) => headsIn(text ?? '')[0]?.entries)).toEqual([2]);
    time.pass(86_400_000);
    for (const keeper of keepers) await keeper.keep();
    expect(mailbox.mails.map(({ text }) => headsIn(text ?? '')[0]?.entries)).toEqual([2, 3]);
  });

  test('that are not heads are said to be none', async () => {
    const { store, folder } = await written(1);
    writeFileSync(join(folder, 'empty'), 'nothing here');
    await expect(describeAudit(store, NOWHERE, [join(folder, 'empty')])).rejects.toThrow(/has no head/);
    await expect(describeAudit(store, NOWHERE, ['/nowhere'])).rejects.toThrow(/neither a head nor a file/);
    await expect(describeAudit(store, NOWHERE, [])).resolves.toContainEqual(
      expect.stringMatching(/end was not cut off is not shown/),
    );
  });
});

describe('the key', () => {
  test('is made outside the store, for its owner only, and never stands in it', async () => {
    const { store, folder } = await written(0);
    await store.claimAuditKey();
    await write(store, 1);
    expect(await verifyAudit(store)).toMatchObject({ ok: true, entries: 1, unsealed: 0 });
    const { file, keys } = store.auditKeys;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const secret = keys[0]?.secret.toString('hex') as string;
    const rows = JSON.stringify(await store.db.selectFrom('audit_keys').selectAll().execute());
    expect(rows).not.toContain(secret);
    if (existsSync(join(folder, 'gateway.sqlite')))
      expect(readFileSync(join(folder, 'gateway.sqlite')).includes(secret)).toBe(false);
  });

  test('of entries from before there was one holds them from then on', async () => {
    const { store } = await written(3);
    rmSync(store.auditKeys.file);
    store.auditKeys.reload();
    await hashAnew(store);
    await forgetKeys(store);
    expect(await verifyAudit(store)).toMatchObject({ ok: true, unsealed: 3 });
    await write(store, 2);
    expect(await verifyAudit(store)).toMatchObject({ ok: true, entries: 5, unsealed: 3 });
    await alter(store);
    await hashAnew(store);
    expect(await verifyAudit(store)).toMatchObject({ ok: false, seq: 4 });
  });

  test('that is another than the one that seals the store is refused by a gateway, which then writes nothing', async () => {
    const { store, folder } = await written(3);
    const kept = join(folder, 'kept');
    copyFileSync(store.auditKeys.file, kept);
    writeFileSync(store.auditKeys.file, `${'ab'.repeat(32)} 1\n`);
    store.auditKeys.reload();
    await expect(store.claimAuditKey()).rejects.toThrow(/is sealed with the key [0-9a-f]{16}, but .* holds/);
    await expect(write(store, 1)).rejects.toThrow(/gateways on one store need the same file/);
    rmSync(store.auditKeys.file);
    store.auditKeys.reload();
    await expect(store.claimAuditKey()).rejects.toThrow(/bring it back/);
    copyFileSync(kept, store.auditKeys.file);
    store.auditKeys.reload();
    await write(store, 1);
    expect(await verifyAudit(store)).toMatchObject({ ok: true, entries: 4 });
  });

  test('can be followed by a new one; one that is lost leaves its entries unchecked, and says so', async () => {
    const { store } = await written(3);
    await store.transaction((tx) => beginNewKey(tx.db, tx.auditKeys, tx.at));
    await write(store, 1);
    expect(await verifyAudit(store)).toMatchObject({ ok: true, entries: 5, unchecked: 0 });
    const [, first, second] = readFileSync(store.auditKeys.file, 'utf8').split('\n');
    writeFileSync(store.auditKeys.file, `${second}\n`);
    store.auditKeys.reload();
    expect(await verifyAudit(store)).toMatchObject({ ok: true, unchecked: 3 });
    writeFileSync(store.auditKeys.file, `${first}\n`);
    store.auditKeys.reload();
    expect(await verifyAudit(store)).toMatchObject({ ok: false, seq: 4 });
    rmSync(store.auditKeys.file);
    store.auditKeys.reload();
    await expect(describeAudit(store, NOWHERE, [])).rejects.toThrow(/cannot be checked/);
  });

  test('that gateways share is named in the configuration, and never made', async () => {
    const { folder } = await written(0);
    const shared = { dataDir: folder, auditKeyFile: join(folder, 'shared-key') };
    const other = await Store.open(shared);
    onTestFinished(() => other.close());
    await expect(other.claimAuditKey()).rejects.toThrow(/is missing; make it by: audit new-key/);
    writeFileSync(shared.auditKeyFile, `${sha256('a').slice(0, 64)}\n`);
    other.auditKeys.reload();
    await write(other, 2);
    expect(await verifyAudit(other)).toMatchObject({ ok: true, entries: 2, unsealed: 0 });
  });

  test.each<[string, RegExp]>([
    ['secret', /line 1: is no key; expected 64 hexadecimal digits/],
    [`${'ab'.repeat(32)} 5\n${'cd'.repeat(32)} 5`, /line 2: must seal later entries/],
  ])('that is malformed is refused with its line: %j', async (text, reason) => {
    const { store } = await written(0);
    writeFileSync(store.auditKeys.file, text);
    await expect(write(store, 1)).rejects.toThrow(reason);
  });
});
