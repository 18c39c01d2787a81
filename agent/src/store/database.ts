/**
 * The agent's memory on disk: what is known, and what still has to reach the gateway. One SQLite file, so that a detection,
 * its evidence and the fact that it is known are written together or not at all.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivate } from '@roadwatch/common';
import { makeFolder } from '../disk/make-folder.ts';

const SCHEMA_VERSION = 3;

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'agent.db');
}

/** Opens or creates it; throws when the folder cannot be written or the file is of a newer agent. */
export function openDatabase(dataDir: string): DatabaseSync {
  makeFolder(dataDir);
  const file = databaseFile(dataDir);
  // SQLite gives its other files the rights of this one.
  makePrivate(file);
  const database = new DatabaseSync(file);
  try {
    // Nobody else opens it, and then SQLite shares no memory in a file (sqlite.org/wal.html, "Use of WAL Without Shared-Memory"):
    // on a file system that writes pages elsewhere, as Btrfs does, a full disk or quota ends whoever touches one (SIGBUS).
    database.exec('PRAGMA locking_mode=EXCLUSIVE');
    // A power cut may come at any time: every commit is on disk before it counts.
    database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (version > SCHEMA_VERSION)
      throw new Error(`${file}: written by a newer agent (schema ${version}, known ${SCHEMA_VERSION})`);
    // Where it is there, nothing is written, for which there may be no room.
    if (version < SCHEMA_VERSION) {
      makeTables(database);
      database.exec(`PRAGMA user_version=${SCHEMA_VERSION}`);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Where they are not there. */
export function makeTables(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS known_damage (
      id TEXT PRIMARY KEY,
      camera TEXT NOT NULL,
      record TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS added_mask (
      camera TEXT NOT NULL,
      polygon TEXT NOT NULL,
      PRIMARY KEY (camera, polygon)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS camera_settings (
      camera TEXT PRIMARY KEY,
      record TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS scene (
      camera TEXT PRIMARY KEY,
      record TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS outbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      topic TEXT NOT NULL,
      payload BLOB NOT NULL,
      sha256 TEXT NOT NULL,
      kind TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS outbox_sha256 ON outbox (sha256);
    CREATE INDEX IF NOT EXISTS outbox_kind ON outbox (kind, id);
    CREATE TABLE IF NOT EXISTS outbox_progress (
      id INTEGER PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
      ranges TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS dead_letter (
      id INTEGER PRIMARY KEY,
      topic TEXT NOT NULL,
      payload BLOB NOT NULL,
      sha256 TEXT NOT NULL,
      kind TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      refused_at INTEGER NOT NULL,
      reason TEXT NOT NULL
    ) STRICT;
  `);
}

/** All of it or none. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has ended it already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
