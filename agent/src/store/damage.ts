/**
 * A file of the agent's memory that is not what was written: found at start, set aside under a name of its own, and begun anew
 * with what can still be read of it.
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { timestamp } from '@roadwatch/contract';
import { isDamage } from '../disk/disk-error.ts';
import { databaseFile, openDatabase } from './database.ts';
import { hasRun } from './reserve.ts';
import { type Saved, salvage, strangeRow } from './salvage.ts';

/** Of files set aside the newest are kept. */
const MOST_ASIDE = 3;
/** A larger file is read by a process of its own, which can be ended. */
const READ_HERE_BYTES = 64 * 2 ** 20;
const CHECK_MS = 20_000;
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
const ASIDE = /^agent\.db\.damaged-\d{8}T\d{9}Z$/;

/** What is wrong with the file; null: nothing, as far as could be found out in bounded time. Throws what the disk says. */
export function damageOf(dataDir: string): string | null {
  const file = databaseFile(dataDir);
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return null;
  if (status.isDirectory()) return 'it is a folder';
  if (status.size === 0) return hasRun(dataDir) || existsSync(`${file}-wal`) ? 'it is empty' : null;
  try {
    return status.size > READ_HERE_BYTES ? checkElsewhere(file) : checkHere(file);
  } catch (error) {
    if (isDamage(error)) return (error as Error).message;
    throw error;
  }
}

function checkHere(file: string): string | null {
  const database = new DatabaseSync(file);
  try {
    const [{ quick_check: said = '' } = {}] = database.prepare('PRAGMA quick_check(1)').all();
    return said === 'ok' ? strangeRow(database) : String(said);
  } finally {
    database.close();
  }
}

const CHECK = `
  const { DatabaseSync } = require('node:sqlite');
  try {
    console.log(new DatabaseSync(process.argv[1]).prepare('PRAGMA quick_check(1)').get().quick_check);
  } catch (error) {
    console.log([11, 26].includes(error.errcode & 0xff) ? error.message : 'ok');
  }`;

function checkElsewhere(file: string): string | null {
  try {
    const said = execFileSync(process.execPath, ['-e', CHECK, file], {
      timeout: CHECK_MS,
      killSignal: 'SIGKILL',
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return said === 'ok' ? null : said;
  } catch {
    // Not in time: damage shows when it is read.
    return null;
  }
}

/** Sets the file aside and begins a new one, with what could be read of the old. Throws what the disk says. */
export function beginAnew(
  dataDir: string,
  nowMs: number,
): { readonly aside: string; readonly saved: Saved; readonly database: DatabaseSync } {
  const file = databaseFile(dataDir);
  const aside = `${file}.damaged-${timestamp(nowMs).replaceAll(/[-:.]/g, '')}`;
  // The log of the database belongs to it and must not be taken for the new one's.
  for (const end of ['-wal', '-shm', '']) if (existsSync(file + end)) renameSync(file + end, aside + end);
  for (const old of damagedFiles(dataDir).slice(0, -MOST_ASIDE))
    for (const end of ['-wal', '-shm', '']) rmSync(old.file + end, { recursive: true, force: true });
  const database = openDatabase(dataDir);
  const old = openAside(aside);
  const saved = salvage(old, database);
  old?.close();
  rmSync(`${aside}.part`, { force: true });
  return { aside, saved, database };
}

/** Those set aside, the oldest first. */
export function damagedFiles(dataDir: string): readonly { readonly file: string; readonly atMs: number }[] {
  let names: readonly string[];
  try {
    names = readdirSync(dataDir);
  } catch {
    return [];
  }
  return names
    .filter((name) => ASIDE.test(name))
    .sort()
    .map((name) => ({ file: join(dataDir, name), atMs: timeIn(name) }));
}

/** `agent.db.damaged-20261127T031500123Z`. */
function timeIn(name: string): number {
  const [, day = '', time = ''] = /-(\d{8})T(\d{9})Z$/.exec(basename(name)) ?? [];
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  return Date.parse(`${date}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6)}.${time.slice(6)}Z`);
}

/** Null when nothing of it can be read. Where only the first bytes are wrong, a copy with the right ones. */
function openAside(aside: string): DatabaseSync | null {
  try {
    if (!statSync(aside).isFile()) return null;
    const begin = Buffer.alloc(MAGIC.length);
    const opened = openSync(aside, 'r');
    readSync(opened, begin);
    closeSync(opened);
    if (begin.equals(MAGIC)) return openDamaged(aside);
    const copy = `${aside}.part`;
    copyFileSync(aside, copy);
    const written = openSync(copy, 'r+');
    writeSync(written, MAGIC);
    closeSync(written);
    return openDamaged(copy);
  } catch {
    return null;
  }
}

/** SQLite refuses to read a file that is shorter than its header says, unless it is told to. */
function openDamaged(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { defensive: false });
  database.exec('PRAGMA writable_schema=ON');
  return database;
}
