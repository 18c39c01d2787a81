/** Files that come into being together or not at all, and in place of no others but those that are named. */
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { makeFolder } from '../disk/make-folder.ts';
import { SaidError } from '../language.ts';
import type { ServiceUser } from './service-user.ts';

export interface NewFile {
  readonly path: string;
  readonly content: string | Buffer;
  /** Whether it takes the place of a file that nobody misses. */
  readonly replaces?: boolean;
}

export class NewFiles {
  readonly #staging: string;
  readonly #files: readonly NewFile[];
  readonly #reader: ServiceUser | null;
  readonly #made: string[] = [];
  readonly #replaced: string[] = [];
  readonly #folders: string[] = [];
  /** Those above the last that were made for it, the innermost first. */
  readonly #homes: readonly string[];

  /**
   * Writes all of them aside, beside the last, for their owner alone, and for `reader`, who may not write them. Throws a sentence when
   * one of them is there already; nothing is left then, nor of anything else that fails.
   */
  constructor(files: readonly NewFile[], reader: ServiceUser | null = null) {
    const last = files.at(-1) as NewFile;
    this.#files = files;
    this.#reader = reader;
    refuseExisting(files.flatMap(({ path, replaces = false }) => (replaces ? [] : [path])));
    const home = dirname(resolve(last.path));
    this.#homes = missingFolders(home);
    makeFolder(home);
    this.#staging = mkdtempSync(join(home, '.roadwatch-init-'));
    try {
      for (const { path, content } of files) {
        const aside = this.aside(path);
        mkdirSync(dirname(aside), { recursive: true, mode: 0o700 });
        writeFileSync(aside, content, { mode: 0o600, flag: 'wx', flush: true });
        this.#letRead(aside, 0o640);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Where the file is until it is put in its place: relative to the others as it will be. */
  aside(path: string): string {
    const from = dirname(resolve((this.#files.at(-1) as NewFile).path));
    return join(this.#staging, relative(from, resolve(path)));
  }

  #letRead(path: string, mode: number): void {
    if (this.#reader === null) return;
    chownSync(path, 0, this.#reader.gid);
    chmodSync(path, mode);
  }

  #former(path: string): string {
    return `${this.aside(path)}.former`;
  }

  /** All in their places, the last one last. Throws, with all as it was, when one cannot be put. */
  place(): void {
    try {
      for (const { path, replaces = false } of this.#files) {
        const folder = dirname(resolve(path));
        if (!existsSync(folder)) {
          makeFolder(folder);
          this.#folders.push(folder);
          this.#letRead(folder, 0o750);
        }
        if (replaces && existsSync(path)) {
          linkSync(path, this.#former(path));
          renameSync(this.aside(path), path);
          this.#replaced.push(path);
          continue;
        }
        // Unlike a rename, a link takes no file's place.
        linkSync(this.aside(path), path);
        this.#made.push(path);
      }
    } catch (error) {
      this.takeBack();
      const { code, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
      throw code === 'EEXIST' ? isThere(dest as string) : error;
    }
  }

  /** None of them was ever there, and what was is again. */
  takeBack(): void {
    for (const path of this.#replaced.splice(0)) renameSync(this.#former(path), path);
    for (const path of this.#made.splice(0)) rmSync(path, { force: true });
    removeEmpty(this.#folders.splice(0));
  }

  close(): void {
    rmSync(this.#staging, { recursive: true, force: true });
    removeEmpty(this.#homes);
  }
}

function missingFolders(folder: string): readonly string[] {
  return existsSync(folder) ? [] : [folder, ...missingFolders(dirname(folder))];
}

function removeEmpty(folders: readonly string[]): void {
  for (const folder of folders) {
    try {
      rmdirSync(folder);
    } catch {
      // Something is in it by now.
    }
  }
}

/** Throws a sentence that names the first. */
export function refuseExisting(paths: readonly string[]): void {
  const there = paths.find((path) => existsSync(path));
  if (there !== undefined) throw isThere(there);
}

function isThere(path: string): SaidError {
  return new SaidError({
    en: `${path}: is there already, and is not written over; move it away, or give another --config`,
    zh: `${path}：已存在，不会覆盖；请移走，或用 --config 指定其他文件`,
  });
}

/** Throws a sentence where no file can be made in the folder, or in the one above it that is there. */
export function refuseUnwritable(folder: string): void {
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SaidError({
      en: `${nearest}: cannot be written (${code}); run it with sudo, or give another --config`,
      zh: `${nearest}：无法写入（${code}）；请用 sudo 运行，或用 --config 指定其他文件`,
    });
  }
}
