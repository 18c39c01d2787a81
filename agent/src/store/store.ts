/**
 * What the agent must not forget, wherever it can be kept: on disk; where that is full, in the reserve made at start; where there
 * is nothing left or the disk cannot be written at all, in memory, until it can be again. Whoever uses it notices nothing.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { systemCode } from '@roadwatch/common';
import { type AgentTrouble, type Detection, timestamp } from '@roadwatch/contract';
import type { AgentTroubleCode } from '@roadwatch/contract/codes';
import type { Logger } from 'pino';
import {
  type DiskErrorKind,
  diskErrorOf,
  diskErrorOfCode,
  diskSentence,
  isDamage,
  roomIn,
  writeProblem,
} from '../disk/disk-error.ts';
import { beginAnew, damagedFiles, damageOf } from './damage.ts';
import { databaseFile, openDatabase, transaction } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { InMemory } from './in-memory.ts';
import { Reserve } from './reserve.ts';

/** With less than this, or a twentieth of the disk, a small entry may still be written by luck, and the next one not. */
const MIN_FREE_BYTES = 2 ** 20;
/** Filled again at a time, while the agent is busy. */
const FILL_BYTES = 2 ** 20;

interface DiskProblem {
  readonly kind: DiskErrorKind;
  readonly sentence: string;
  readonly since: string;
}

/** A verified detection that is not on disk. */
export interface Unsaved {
  readonly camera: string;
  readonly detection: string;
}

export class AgentStore {
  readonly #dataDir: string;
  readonly #log: Logger;
  readonly #reserve: Reserve;
  #unlock: (() => void) | null = null;
  #disk: DatabaseSync | null = null;
  #memory: InMemory | null = null;
  #problem: DiskProblem | null = null;

  /** Throws one sentence when another agent has the folder or a newer one has written the file; a disk that cannot be used is none. */
  static open(dataDir: string, log: Logger): AgentStore {
    const store = new AgentStore(dataDir, log);
    try {
      store.#open();
    } catch (error) {
      store.close();
      throw error;
    }
    return store;
  }

  private constructor(dataDir: string, log: Logger) {
    this.#dataDir = dataDir;
    this.#log = log;
    this.#reserve = new Reserve(dataDir);
  }

  /** At present: after a transaction it may be another. */
  get database(): DatabaseSync {
    return (this.#memory?.database ?? this.#disk) as DatabaseSync;
  }

  get isInMemory(): boolean {
    return this.#memory !== null;
  }

  /** What a person should know of the disk. */
  get troubles(): readonly AgentTrouble[] {
    const troubles: AgentTrouble[] = [];
    const add = (code: AgentTroubleCode, detail: string, since: string): void => {
      troubles.push({ code, detail: detail.slice(0, 500), since });
    };
    if (this.#problem !== null) {
      const { kind, sentence, since } = this.#problem;
      add(kind === 'full' ? 'disk_full' : 'disk_unwritable', sentence, since);
      if (this.isInMemory)
        add('store_in_memory', `${sentence}; until it can be, what is verified is kept in memory`, since);
    }
    for (const { file, atMs } of damagedFiles(this.#dataDir).slice(-1))
      add(
        'store_replaced',
        `the agent’s memory was damaged and has been begun anew; what it was is in ${file}, to be looked at and deleted`,
        timestamp(atMs),
      );
    return troubles;
  }

  /** All of the work or none of it, wherever there is room; it may be begun more than once. Throws what the work throws. */
  transaction<T>(work: () => T): T {
    return this.#attempt(() => transaction(this.database, work));
  }

  /** What the work reads, from another file when this one turns out to be damaged. */
  read<T>(work: () => T): T {
    return this.#attempt(work);
  }

  /** Call it every few seconds: goes back to the disk, fills the reserve, and looks how much room there is. */
  tend(): void {
    if (this.#memory === null) this.#look();
    else this.#goBack(this.#memory);
    if (this.#problem === null) this.#reserve.fill(FILL_BYTES);
  }

  /** Returns what is verified and could not be saved; safe to call again. */
  close(): readonly Unsaved[] {
    if (this.#memory !== null) this.#goBack(this.#memory);
    const unsaved = (this.#memory?.unsaved ?? []).filter(({ kind }) => kind === 'detection');
    try {
      this.#disk?.close();
    } catch {
      // What is committed stays in the log of the database.
    }
    this.#memory?.database.close();
    this.#unlock?.();
    this.#disk = this.#memory = this.#unlock = null;
    return unsaved.map(({ payload }) => {
      const { camera, id } = JSON.parse(Buffer.from(payload as Uint8Array).toString('utf8')) as Detection;
      return { camera, detection: id };
    });
  }

  #open(): void {
    this.#attempt(() => {
      if (this.#memory !== null) return;
      this.#unlock ??= lockFolder(this.#dataDir);
      const damage = damageOf(this.#dataDir);
      if (damage !== null) this.#begin(damage);
      this.#disk ??= openDatabase(this.#dataDir);
    });
    this.#reserve.fill();
    this.#look();
  }

  #attempt<T>(run: () => T): T {
    for (let damages = 0; ; ) {
      try {
        return run();
      } catch (error) {
        if (this.#memory !== null) throw error;
        if (isDamage(error) && damages++ === 0) {
          this.#begin((error as Error).message);
          continue;
        }
        const found = this.#diskErrorOf(error);
        if (found === null) throw error;
        this.#tell(found.kind, found.said);
        if (found.kind === 'full' && this.#reserve.giveUp()) continue;
        this.#toMemory();
      }
    }
  }

  /** SQLite says little; the disk itself says more. */
  #diskErrorOf(error: unknown): { readonly kind: DiskErrorKind; readonly said: string } | null {
    const kind = diskErrorOf(error);
    if (kind === null) return null;
    const { code, message } = error as NodeJS.ErrnoException;
    const here = code === 'ERR_SQLITE_ERROR' ? message : (systemCode(error) ?? message);
    const said = writeProblem(this.#dataDir) ?? here;
    return { kind: diskErrorOfCode(said) ?? kind, said };
  }

  #begin(damage: string): void {
    this.#disk?.close();
    this.#disk = null;
    const { aside, saved, database } = beginAnew(this.#dataDir, Date.now());
    this.#disk = database;
    this.#log.error(
      { reason: damage, file: aside, saved },
      'the agent’s memory was damaged, is set aside and begun anew',
    );
  }

  #toMemory(): void {
    const disk = this.#disk ?? readable(databaseFile(this.#dataDir));
    this.#memory = new InMemory(disk, Date.now() * 1000);
    this.#disk = null;
    try {
      disk?.close();
    } catch {
      // What is committed stays in the log of the database.
    }
    this.#log.error('what is verified is kept in memory until the disk can be written');
  }

  #goBack(memory: InMemory): void {
    let disk: DatabaseSync | null = null;
    try {
      this.#unlock ??= lockFolder(this.#dataDir);
      disk = openDatabase(this.#dataDir);
      memory.writeTo(disk);
    } catch (error) {
      disk?.close();
      const found = this.#diskErrorOf(error);
      this.#tell(found?.kind ?? 'unwritable', found?.said ?? (error as Error).message);
      return;
    }
    this.#disk = disk;
    this.#memory = null;
    memory.database.close();
    this.#log.info('what was kept in memory is on disk');
    this.#look();
  }

  /** Before something has to be written. */
  #look(): void {
    if (this.#memory !== null) return;
    const room = roomIn(this.#dataDir);
    const least = room === null ? 0 : Math.min(MIN_FREE_BYTES, room.totalBytes / 20);
    if (room !== null && (room.freeBytes < least || room.freeFiles === 0)) {
      this.#tell('full', 'ENOSPC');
      return;
    }
    const refused = accessProblem(this.#dataDir);
    if (refused !== null) this.#tell('unwritable', refused);
    else if (this.#problem !== null) {
      this.#problem = null;
      this.#log.info({ folder: this.#dataDir }, 'the disk can be written again');
    }
  }

  #tell(kind: DiskErrorKind, said: string): void {
    const sentence = diskSentence(this.#dataDir, kind, said);
    const before = this.#problem;
    this.#problem = { kind, sentence, since: before?.kind === kind ? before.since : timestamp(Date.now()) };
    if (before?.kind !== kind) this.#log.error({ reason: sentence }, 'the disk cannot be written');
  }
}

/** What a file holds, though nothing can be written beside it; null when it cannot be read either. */
function readable(file: string): DatabaseSync | null {
  if (!existsSync(file)) return null;
  const attempts = [
    () => {
      const database = new DatabaseSync(file);
      // Then it needs no other file (sqlite.org/wal.html, "Use of WAL Without Shared-Memory").
      database.exec('PRAGMA locking_mode=EXCLUSIVE');
      return database;
    },
    () => new DatabaseSync(new URL(`${pathToFileURL(file).href}?immutable=1`), { readOnly: true }),
  ];
  for (const open of attempts) {
    let database: DatabaseSync | null = null;
    try {
      database = open();
      database.prepare('SELECT count(*) FROM known_damage').get();
      return database;
    } catch {
      database?.close();
    }
  }
  return null;
}

/** Asks without writing: a card in a box wears out. */
function accessProblem(folder: string): string | null {
  try {
    accessSync(folder, constants.W_OK);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  }
}
