/** A disk of a few megabytes that a test can fill up: in memory, or in a file with a quota; only root may mount one. */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  /** Leaves not a byte. */
  fill(): void;
  /** Leaves no file to be made (inodes), though there is room; for a disk made with `files`. */
  useUpFiles(): void;
  makeRoom(): void;
  /** As a disk is after errors: it may be read only. Not while a file of it is open to be written. */
  makeReadOnly(): void;
  unmount(): void;
}

/** Null where mounting is not permitted, as in most containers. `files`: so many can be made on it, folders included. */
export function mountSmallDisk(
  megabytes: number,
  { files }: { readonly files?: number } = {},
): SmallDisk | null {
  const inodes = files === undefined ? '' : `,nr_inodes=${files}`;
  return mounted((path) => {
    const options = `size=${megabytes}m,mode=0700${inodes}`;
    run('mount', ['-t', 'tmpfs', '-o', options, 'roadwatch-test', path]);
    mkdirSync(join(path, 'data'));
  });
}

/** Room that a quota ends (EDQUOT), on a disk that says it has more. Null where there is no Btrfs, too. */
export function mountQuotaDisk(megabytes: number): SmallDisk | null {
  const image = join(mkdtempSync(join(tmpdir(), 'roadwatch-image-')), 'disk');
  const remove = (): void => rmSync(dirname(image), { recursive: true });
  const disk = mounted((path) => {
    writeFileSync(image, '');
    // As small as Btrfs can be with room for what is not counted.
    truncateSync(image, 160 * 2 ** 20);
    run('mkfs.btrfs', ['--quiet', image]);
    run('mount', ['-o', 'loop', image, path]);
    run('btrfs', ['quota', 'enable', path]);
    run('btrfs', ['subvolume', 'create', join(path, 'data')]);
    run('btrfs', ['qgroup', 'limit', `${megabytes}m`, join(path, 'data')]);
  }, 'data/filler');
  if (disk === null) remove();
  return (
    disk && {
      ...disk,
      unmount() {
        disk.unmount();
        remove();
      },
    }
  );
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'ignore' });
}

function mounted(mount: (path: string) => void, fillerName = 'filler'): SmallDisk | null {
  if (process.getuid?.() !== 0) return null;
  const path = mkdtempSync(join(tmpdir(), 'roadwatch-disk-'));
  const unmount = (): void => {
    try {
      run('umount', ['--lazy', path]);
    } finally {
      rmSync(path, { recursive: true });
    }
  };
  try {
    mount(path);
  } catch {
    try {
      unmount();
    } catch {
      // It was not mounted.
    }
    return null;
  }
  const filler = join(path, fillerName);
  const files = join(path, 'files');
  return {
    path: join(path, 'data'),
    fill() {
      for (let size = 65_536; size >= 1; ) {
        try {
          appendFileSync(filler, Buffer.alloc(size, 1));
        } catch {
          size = Math.floor(size / 2);
        }
      }
    },
    makeRoom: () => {
      rmSync(filler, { force: true });
      rmSync(files, { recursive: true, force: true });
    },
    useUpFiles() {
      try {
        mkdirSync(files, { recursive: true });
        for (;;) writeFileSync(join(files, randomUUID()), '');
      } catch {
        // As many as there can be.
      }
    },
    makeReadOnly: () => run('mount', ['-o', 'remount,ro', path]),
    unmount,
  };
}
