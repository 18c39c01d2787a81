/** What of a damaged file is as it was written: row by row, from both ends as far as they can be read. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { sha256 } from '@roadwatch/contract';

type Row = Record<string, SQLInputValue>;

export interface Saved {
  readonly knownDamage: number;
  readonly masks: number;
  readonly messages: number;
}

/** What must be known first: which damage is known, so that none is reported twice; what must not be seen; what is on its way. */
const TABLES = {
  known_damage: ['id', 'camera', 'record'],
  added_mask: ['camera', 'polygon'],
  outbox: ['id', 'topic', 'payload', 'sha256', 'kind', 'created_at'],
} as const;
type Table = keyof typeof TABLES;

/** Read at start; whoever sends a message that was not read looks for himself. */
const MAX_READ_BYTES = 64 * 2 ** 20;

/** The first row that cannot be what was written, in words; null when all can be. Throws what the database throws. */
export function strangeRow(database: DatabaseSync): string | null {
  let bytes = 0;
  for (const table of Object.keys(TABLES) as Table[]) {
    for (const row of database.prepare(selectFrom(table)).iterate() as Iterable<Row>) {
      if (!isWhole(table, row)) return `a row of ${table} is not what was written`;
      if (table === 'outbox') bytes += (row.payload as Uint8Array).byteLength;
      if (bytes > MAX_READ_BYTES) return null;
    }
  }
  return null;
}

/** `from`: null when nothing of it can be read. */
export function salvage(from: DatabaseSync | null, to: DatabaseSync): Saved {
  const save = (table: Table): number => {
    if (from === null) return 0;
    const columns = TABLES[table];
    const insert = to.prepare(
      `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    let count = 0;
    for (const direction of ['ASC', 'DESC']) {
      try {
        const rows = from.prepare(`${selectFrom(table)} ORDER BY rowid ${direction}`).iterate();
        for (const row of rows as Iterable<Row>) {
          if (!isWhole(table, row)) continue;
          count += Number(insert.run(...columns.map((column) => row[column] as SQLInputValue)).changes);
        }
        break;
      } catch {
        // From here on it cannot be read; perhaps from the other end.
      }
    }
    return count;
  };
  to.exec('BEGIN IMMEDIATE');
  const saved = { knownDamage: save('known_damage'), masks: save('added_mask'), messages: save('outbox') };
  to.exec('COMMIT');
  return saved;
}

function selectFrom(table: Table): string {
  return `SELECT ${TABLES[table].join(', ')} FROM ${table}`;
}

function isWhole(table: Table, row: Row): boolean {
  try {
    if (table === 'outbox') return sha256(row.payload as Uint8Array) === row.sha256;
    const { id } = JSON.parse(String(row.record ?? row.polygon)) as { readonly id?: string };
    return table === 'added_mask' || id === row.id;
  } catch {
    return false;
  }
}
