/** A list of cameras (YAML), each with settings of its own: source, video, clock, login, sub-stream, faults. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseYaml } from '@roadwatch/common';
import { describeErrors } from '@roadwatch/contract';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { accessFields } from '../camera/access.ts';
import { Fault, parseFault } from '../camera/faults.ts';
import { As } from '../camera/makers/known.ts';
import { Audio, Metadata, Video } from '../scenario/schema.ts';

const strict = { additionalProperties: false } as const;
const MAX_FILE_BYTES = 1024 * 1024;

const Entry = Type.Object(
  {
    source: Type.String({ minLength: 1, description: 'as --source takes it; files relative to the list' }),
    path: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$', description: 'of its URL' }),
    ),
    cameras: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'as many of it' })),
    video: Type.Optional(Video),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 30 })),
    dwellSeconds: Type.Optional(Type.Number({ minimum: 0.5, maximum: 86_400 })),
    clockOffsetMs: Type.Optional(Type.Number({ minimum: -86_400_000, maximum: 86_400_000 })),
    audio: Type.Optional(Audio),
    metadata: Type.Optional(Metadata),
    as: Type.Optional(As),
    ...accessFields('list'),
    faults: Type.Optional(Type.Array(Fault, { maxItems: 50, description: 'from the beginning' })),
  },
  strict,
);

const CameraList = Type.Object(
  { cameras: Type.Array(Entry, { minItems: 1, maxItems: 1000 }) },
  { title: 'Camera list', ...strict },
);
export type CameraEntry = Omit<Static<typeof Entry>, 'faults'> & { readonly faults?: readonly Fault[] };

/** @throws Error that names the file, the field and what was expected */
export async function readCameraList(file: string): Promise<readonly CameraEntry[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
  });
  try {
    return parseCameraList(text).map((entry) => beside(entry, dirname(file)));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** @throws Error */
export function parseCameraList(text: string): readonly CameraEntry[] {
  let value: unknown;
  try {
    ({ value } = parseYaml(text, { maxBytes: MAX_FILE_BYTES }));
  } catch (error) {
    throw new Error(`not valid YAML: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null) throw new Error('expected a mapping with cameras');
  for (const [i, entry] of listOf(value, 'cameras').entries()) {
    for (const [j, fault] of listOf(entry, 'faults').entries()) {
      try {
        parseFault(fault);
      } catch (error) {
        throw new Error(`cameras/${i}/faults/${j}/${(error as Error).message}`);
      }
    }
  }
  if (!Value.Check(CameraList, value)) throw new Error(describeErrors(CameraList, value));
  const { cameras } = value as { readonly cameras: readonly CameraEntry[] };
  const taken = new Set<string>();
  for (const [i, { path, user, passwordFile, video }] of cameras.entries()) {
    const { width, height } = video ?? {};
    if ((width === undefined) !== (height === undefined)) {
      throw new Error(`cameras/${i}/video: width and height belong together`);
    }
    if ((user === undefined) !== (passwordFile === undefined)) {
      throw new Error(`cameras/${i}: user and passwordFile belong together`);
    }
    if (path !== undefined && taken.has(path)) throw new Error(`cameras/${i}/path: ${path} is there already`);
    if (path !== undefined) taken.add(path);
  }
  return cameras;
}

function listOf(value: unknown, field: string): unknown[] {
  const list = (value as Record<string, unknown> | null)?.[field];
  return Array.isArray(list) ? list : [];
}

function beside(entry: CameraEntry, folder: string): CameraEntry {
  const { source, passwordFile } = entry;
  return {
    ...entry,
    source: source.startsWith('scene:') ? source : resolve(folder, source),
    ...(passwordFile !== undefined && { passwordFile: resolve(folder, passwordFile) }),
  };
}
