/** Files that come into being together or not at all, and never in place of others. */
import { existsSync, linkSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { makeFolder } from '../disk/make-folder.ts';
import { SaidError } from '../language.ts';

export interface NewFile {
  readonly path: string;
  readonly content: string | Buffer;
}

export class NewFiles {
  readonly #staging: string;
  readonly #files: readonly NewFile[];
  readonly #made: string[] = [];
  readonly #folders: string[] = [];

  /** Writes all of them aside, beside the last, for its owner alone. Throws a sentence when one of them is there already. */
  constructor(files: readonly NewFile[]) {
    const last = files.at(-1) as NewFile;
    this.#files = files;
    refuseExisting(files.map(({ path }) => path));
    makeFolder(dirname(resolve(last.path)));
    this.#staging = mkdtempSync(join(dirname(resolve(last.path)), '.roadwatch-init-'));
    for (const { path, content } of files) {
      const aside = this.aside(path);
      mkdirSync(dirname(aside), { recursive: true, mode: 0o700 });
      writeFileSync(aside, content, { mode: 0o600, flag: 'wx', flush: true });
    }
  }

  /** Where the file is until it is put in its place: relative to the others as it will be. */
  aside(path: string): string {
    const from = dirname(resolve((this.#files.at(-1) as NewFile).path));
    return join(this.#staging, relative(from, resolve(path)));
  }

  /** All in their places, the last one last. Throws, with none of them there, when one cannot be put. */
  place(): void {
    try {
      for (const { path } of this.#files) {
        const folder = dirname(resolve(path));
        if (!existsSync(folder)) {
          makeFolder(folder);
          this.#folders.push(folder);
        }
        // Unlike a rename, a link takes no file's place.
        linkSync(this.aside(path), path);
        this.#made.push(path);
      }
    } catch (error) {
      this.takeBack();
      const { code, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
      throw code === 'EEXIST' ? new Error(`${dest}: is there already, and is not written over`) : error;
    }
  }

  /** None of them was ever there. */
  takeBack(): void {
    for (const path of this.#made.splice(0)) rmSync(path, { force: true });
    for (const folder of this.#folders.splice(0)) {
      try {
        rmdirSync(folder);
      } catch {
        // Somebody has put something into it.
      }
    }
  }

  close(): void {
    rmSync(this.#staging, { recursive: true, force: true });
  }
}

/** Throws a sentence that names the first. */
export function refuseExisting(paths: readonly string[]): void {
  const there = paths.find((path) => existsSync(path));
  if (there !== undefined)
    throw new SaidError({
      en: `${there}: is there already, and is not written over; move it away, or give another --config`,
      zh: `${there}：已存在，不会覆盖；请移走，或用 --config 指定其他文件`,
    });
}
