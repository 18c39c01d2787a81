/**
 * Models that were fetched and checked, each in a folder of its own that is there whole or not at all. One that is not used and was
 * not used before is deleted.
 */
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RELEASE_FILE, type Release, sha256 } from '@roadwatch/contract';
import { makeFolder } from '../disk/make-folder.ts';
import { syncFolder } from '../disk/write-whole.ts';
import { releasesToCome } from './jobs.ts';
import type { UpdateDecisions } from './state.ts';

/** Names the folder of a release: what it is called, and its text. */
export function folderName({ name, version }: Release, text: string): string {
  return `${name.slice(0, 60)}-${version}-${sha256(text).slice(0, 12)}`;
}

/** What is used, was used before, is tried, or is what an offer that is still open would fetch; `but`: a rollout that is over. */
export function wantedFolders(
  { confirmed, previous, trial, jobs }: UpdateDecisions,
  but: string | null = null,
): string[] {
  const toCome = releasesToCome(jobs, but).map(({ release, text }) => folderName(release, text));
  return [confirmed, previous, trial?.folder ?? null, ...toCome].filter((folder) => folder !== null);
}

export class InstalledModels {
  readonly #dir: string;

  constructor(updatesDir: string) {
    this.#dir = join(updatesDir, 'models');
  }

  pathOf(folder: string): string {
    return join(this.#dir, folder);
  }

  /** Whether all of the release is there, byte for byte. */
  async has(folder: string, { files }: Release): Promise<boolean> {
    for (const file of files) {
      const bytes = await readFile(join(this.pathOf(folder), file.name)).catch(() => null);
      if (bytes === null || sha256(bytes) !== file.sha256) return false;
    }
    return true;
  }

  /** `fetched`: where each file of the release lies now, by its SHA-256; they are moved. */
  async add(
    folder: string,
    release: Release,
    text: string,
    fetched: (sha256: string) => string,
  ): Promise<void> {
    const temporary = this.pathOf(`.${folder}.part`);
    rmSync(temporary, { recursive: true, force: true });
    rmSync(this.pathOf(folder), { recursive: true, force: true });
    makeFolder(temporary);
    for (const file of release.files) renameSync(fetched(file.sha256), join(temporary, file.name));
    const note = await open(join(temporary, RELEASE_FILE), 'wx', 0o600);
    try {
      await note.writeFile(text);
      await note.sync();
    } finally {
      await note.close();
    }
    syncFolder(temporary);
    renameSync(temporary, this.pathOf(folder));
    syncFolder(this.#dir);
  }

  remove(folder: string): void {
    rmSync(this.pathOf(folder), { recursive: true, force: true });
  }

  /** Leaves those only, and nothing half made. */
  keepOnly(folders: readonly string[]): void {
    let present: string[];
    try {
      present = readdirSync(this.#dir);
    } catch {
      return;
    }
    for (const name of present) if (!folders.includes(name)) this.remove(name);
  }
}
