/**
 * The agent's memory while its disk cannot be written: a copy, in memory, of what is on it, which goes back there later. Bounded:
 * of messages that are large the newest are copied; those left out stay where they are until then.
 */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { makeTables } from './database.ts';

type Row = Record<string, SQLInputValue>;

/** Of messages, on disk before and since. */
export const MEMORY_BYTES = 64 * 2 ** 20;
/** Of those that were on disk before. */
const COPIED_BYTES = MEMORY_BYTES / 2;

const KEYS = {
  known_damage: ['id'],
  scene: ['camera'],
  camera_settings: ['camera'],
  added_mask: ['camera', 'polygon'],
  outbox: ['id'],
  dead_letter: ['id'],
} as const;
type Table = keyof typeof KEYS;
const TABLES = Object.keys(KEYS) as Table[];
/** Those whose rows change. */
const CHANGING: readonly Table[] = ['known_damage', 'scene', 'camera_settings'];

export class InMemory {
  readonly database = new DatabaseSync(':memory:');
  /** What was copied, by table: the keys. */
  readonly #copied: Readonly<Record<Table, Map<string, Row>>> = {
    known_damage: new Map(),
    scene: new Map(),
    camera_settings: new Map(),
    added_mask: new Map(),
    outbox: new Map(),
    dead_letter: new Map(),
  };

  /** `disk`: null when nothing of it can be read. `firstId`: higher than those of messages on disk. */
  constructor(disk: DatabaseSync | null, firstId: number) {
    makeTables(this.database);
    this.database.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)").run(firstId);
    if (disk === null) return;
    this.#copy(disk, 'known_damage', 'SELECT * FROM known_damage');
    this.#copy(disk, 'scene', 'SELECT * FROM scene');
    this.#copy(disk, 'camera_settings', 'SELECT * FROM camera_settings');
    this.#copy(disk, 'added_mask', 'SELECT * FROM added_mask');
    this.#copy(
      disk,
      'outbox',
      "SELECT * FROM outbox ORDER BY kind IN ('asked', 'picture', 'clip', 'kept'), id DESC",
      (row) => (row.payload as Uint8Array).byteLength,
    );
  }

  /** Messages that are nowhere but here. */
  get unsaved(): readonly Row[] {
    return this.#rows('outbox').filter((row) => !this.#copied.outbox.has(keyOf('outbox', row)));
  }

  /** Writes to the disk what has changed here; all or nothing. Throws what the disk throws. */
  writeTo(disk: DatabaseSync): void {
    disk.exec('BEGIN IMMEDIATE');
    try {
      for (const table of TABLES) this.#writeTable(disk, table);
      disk.exec('COMMIT');
    } catch (error) {
      if (disk.isTransaction) disk.exec('ROLLBACK');
      throw error;
    }
  }

  #copy(disk: DatabaseSync, table: Table, query: string, size: (row: Row) => number = () => 0): void {
    let bytes = 0;
    try {
      for (const row of disk.prepare(query).iterate() as Iterable<Row>) {
        bytes += size(row);
        if (bytes > COPIED_BYTES) return;
        insert(this.database, table, row);
        const { payload: _, ...rest } = row;
        this.#copied[table].set(keyOf(table, row), rest);
      }
    } catch {
      // What cannot be read stays on disk.
    }
  }

  #writeTable(disk: DatabaseSync, table: Table): void {
    const rows = this.#rows(table);
    const here = new Set(rows.map((row) => keyOf(table, row)));
    const where = KEYS[table].map((key) => `${key} = ?`).join(' AND ');
    const remove = disk.prepare(`DELETE FROM ${table} WHERE ${where}`);
    for (const [key, row] of this.#copied[table]) {
      if (!here.has(key)) remove.run(...KEYS[table].map((column) => row[column] as SQLInputValue));
    }
    for (const row of rows) {
      if (CHANGING.includes(table) || !this.#copied[table].has(keyOf(table, row))) insert(disk, table, row);
    }
  }

  #rows(table: Table): readonly Row[] {
    return this.database.prepare(`SELECT * FROM ${table}`).all() as Row[];
  }
}

function keyOf(table: Table, row: Row): string {
  return KEYS[table].map((key) => String(row[key])).join(' ');
}

function insert(database: DatabaseSync, table: string, row: Row): void {
  const columns = Object.keys(row);
  database
    .prepare(
      `INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    )
    .run(...columns.map((column) => row[column] as SQLInputValue));
}
