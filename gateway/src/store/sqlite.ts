/** Kysely's SQLite dialect over Node's own `node:sqlite`. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Dialect, type SqliteDatabase, SqliteDialect } from 'kysely';

const CACHED_STATEMENTS = 500;
/** Longer ones are of a whole batch, whose size is hardly ever the same. */
const MAX_CACHED_LENGTH = 4096;

/**
 * One connection to the file. Write-ahead logging lets readers go on beside the one writer; `synchronous = FULL` makes a
 * commit survive a loss of power (sqlite.org/pragma.html#pragma_synchronous).
 */
export function sqliteDialect(file: string, options: { readonly readOnly?: boolean } = {}): Dialect {
  return new SqliteDialect({ database: async () => open(file, options.readOnly ?? false) });
}

function open(file: string, readOnly: boolean): SqliteDatabase {
  const database = new DatabaseSync(file, { timeout: 10_000, readOnly });
  database.exec(
    'PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;',
  );
  if (!readOnly) database.exec('PRAGMA journal_mode = WAL;');
  const cache = new Map<string, SqliteDatabase['prepare'] extends (sql: string) => infer S ? S : never>();
  return {
    close: () => database.close(),
    prepare(sql) {
      // A deferred transaction that turns into a writing one fails at once when another process has written meanwhile.
      const text = sql === 'begin' && !readOnly ? 'begin immediate' : sql;
      const known = cache.get(text);
      if (known !== undefined) return known;
      const statement = text === 'rollback' ? rollback(database) : wrap(database.prepare(text));
      if (text.length > MAX_CACHED_LENGTH) return statement;
      if (cache.size >= CACHED_STATEMENTS) cache.delete(cache.keys().next().value as string);
      cache.set(text, statement);
      return statement;
    },
  };
}

/**
 * A full disk, among other things, makes SQLite end the transaction by itself (sqlite.org/lang_transaction.html, 3); to roll back
 * what is over would be an error of its own, and hide the reason.
 */
function rollback(database: DatabaseSync): ReturnType<SqliteDatabase['prepare']> {
  const statement = wrap(database.prepare('rollback'));
  const nothing = { changes: 0, lastInsertRowid: 0 };
  return {
    ...statement,
    run: (parameters) => (database.isTransaction ? statement.run(parameters) : nothing),
  };
}

function wrap(statement: StatementSync): ReturnType<SqliteDatabase['prepare']> {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
