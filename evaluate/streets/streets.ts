/**
 * The fixed cameras of a data folder: each video of `street-video/` is one, and so are the pictures of `street-frames/images/` that
 * share a name before their number (`crossing_1.jpg`, `crossing_2.jpg`). None of them shows damage: whatever is found is a false alarm.
 */
import { readdir } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { PICTURES } from '../dataset.ts';

export interface Street {
  readonly name: string;
  readonly kind: 'clip' | 'pictures';
  /** One clip, or the pictures in the order in which they are shown. */
  readonly files: readonly string[];
}

/** What is wrong with the folder; the message names it and what was expected. */
export class StreetsError extends Error {
  override readonly name = 'StreetsError';
}

const VIDEOS = new Set(['.mp4', '.avi', '.mkv', '.mov', '.ts', '.webm']);

/** Throws StreetsError when the folder holds no street. */
export async function readStreets(data: string): Promise<readonly Street[]> {
  const root = resolve(data);
  const clips = await filesOf(join(root, 'street-video'), VIDEOS);
  const pictures = await filesOf(join(root, 'street-frames', 'images'), PICTURES);
  if (clips.length === 0 && pictures.length === 0) {
    throw new StreetsError(
      `${root}: no street in it; expected clips (${[...VIDEOS].join(' ')}) in street-video/, or pictures in street-frames/images/; name the folder with --data`,
    );
  }
  return [
    ...clips.map((file): Street => ({ name: nameOf(file), kind: 'clip', files: [file] })),
    ...[...Map.groupBy(pictures, cameraOf)].map(
      ([name, files]): Street => ({ name, kind: 'pictures', files }),
    ),
  ];
}

/** None where there is no such folder. */
async function filesOf(folder: string, extensions: ReadonlySet<string>): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new StreetsError(`${folder}: ${error.message}`);
  });
  return names
    .filter((name) => extensions.has(extname(name).toLowerCase()))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(folder, name));
}

function nameOf(file: string): string {
  return basename(file, extname(file));
}

function cameraOf(picture: string): string {
  const name = nameOf(picture);
  return name.replace(/[_-]?\d+$/, '') || name;
}
