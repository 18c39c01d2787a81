/** Kysely's PostgreSQL dialect with 64-bit integers read as numbers: every one of ours is an instant or a count. */
import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import { StoreTrouble } from './trouble.ts';

const INT8 = 20;
const MAX_CONNECTIONS = 10;

export function postgresDialect(url: string, onError: (error: Error) => void): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)),
    },
  });
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', onError);
  // Nor may one that breaks between two statements of a transaction: the next statement fails, and says why.
  pool.on('connect', (client) => client.on('error', () => {}));
  return new PostgresDialect({
    pool: {
      options: pool.options,
      connect: () => pool.connect().catch(away),
      end: () => pool.end(),
    },
  });
}

/** Whatever keeps us from a connection, nothing is wrong with what was to be asked. */
function away(error: Error): never {
  throw new StoreTrouble('store_away', error);
}
