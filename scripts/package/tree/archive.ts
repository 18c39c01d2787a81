/** Writes the entries of a package as a tar archive whose bytes follow from them and from one point in time. */
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createTarPacker, type TarHeader } from 'modern-tar';
import type { Entry } from './entry.ts';

/** ustar has room for no more without an extension, which dpkg does not read: 100 for a name, 155 for the folders before it. */
const NAME_BYTES = 100;

/** `root` stands before each path, as in `./etc`. Everything belongs to root. */
export function archive(entries: readonly Entry[], root: string, madeAt: Date): Readable {
  const { readable, controller } = createTarPacker();
  const add = async (entry: Entry): Promise<void> => {
    const body = await bytesOf(entry);
    const writer = controller.add(header(entry, root, madeAt, body.length)).getWriter();
    if (body.length > 0) await writer.write(body);
    await writer.close();
  };
  const all = async (): Promise<void> => {
    for (const entry of entries) await add(entry);
    controller.finalize();
  };
  all().catch((error) => controller.error(error));
  return Readable.fromWeb(readable as Parameters<typeof Readable.fromWeb>[0]);
}

function header(entry: Entry, root: string, mtime: Date, size: number): TarHeader {
  const path = `${root}/${entry.path}`;
  if (Buffer.byteLength(path.slice(path.lastIndexOf('/') + 1)) > NAME_BYTES)
    throw new Error(`${path}: its name is longer than ${NAME_BYTES} bytes`);
  const owned = { mtime, uid: 0, gid: 0, uname: 'root', gname: 'root' };
  if (entry.kind === 'folder')
    return { ...owned, name: `${path}/`, type: 'directory', mode: entry.mode, size: 0 };
  if (entry.kind === 'link')
    return { ...owned, name: path, type: 'symlink', mode: 0o777, size: 0, linkname: entry.to };
  return { ...owned, name: path, type: 'file', mode: entry.mode, size };
}

async function bytesOf(entry: Entry): Promise<Uint8Array> {
  if (entry.kind !== 'file') return new Uint8Array();
  return 'text' in entry ? Buffer.from(entry.text) : readFile(entry.from);
}
