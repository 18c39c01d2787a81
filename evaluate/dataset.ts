/**
 * A folder of labelled pictures in YOLO's text format: `images/NAME.jpg`, `labels/NAME.txt` with `class cx cy width height`
 * as fractions of the picture, `classes.txt` in the folder or above it. No label file, or an empty one: no damage.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { DAMAGE_CLASSES, type DamageClass, type NormalizedBox } from '@roadwatch/contract';

export interface Truth {
  readonly damageClass: DamageClass;
  readonly box: NormalizedBox;
}
export interface LabelledPicture {
  readonly path: string;
  readonly truths: readonly Truth[];
}
export interface Dataset {
  readonly classes: readonly DamageClass[];
  readonly pictures: readonly LabelledPicture[];
}

/** What is wrong with the folder; the message names the file, the line, and what was expected. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

export const PICTURES: ReadonlySet<string> = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp']);

export async function readDataset(folder: string): Promise<Dataset> {
  const root = resolve(folder);
  const images = join(root, 'images');
  if (!existsSync(images))
    throw new DatasetError(`${images}: no such folder; expected images/ and labels/ in ${root}`);
  const classes = await readClasses(root);
  const names = (await readdir(images)).filter((name) => PICTURES.has(extname(name).toLowerCase())).sort();
  if (names.length === 0) throw new DatasetError(`${images}: no pictures (${[...PICTURES].join(' ')})`);
  const pictures = await Promise.all(
    names.map(async (name) => ({
      path: join(images, name),
      truths: await readLabels(join(root, 'labels', `${basename(name, extname(name))}.txt`), classes),
    })),
  );
  return { classes, pictures };
}

async function readClasses(root: string): Promise<DamageClass[]> {
  const file = [root, dirname(root)]
    .map((folder) => join(folder, 'classes.txt'))
    .find((path) => existsSync(path));
  if (file === undefined) throw new DatasetError(`${root}: no classes.txt in it or above it`);
  const names = (await readFile(file, 'utf8'))
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const known = new Set<string>(DAMAGE_CLASSES.map((entry) => entry.name));
  for (const [index, name] of names.entries()) {
    if (!known.has(name))
      throw new DatasetError(
        `${file}:${index + 1}: unknown class ${JSON.stringify(name)}; expected one of ${[...known].join(', ')}`,
      );
  }
  return names as DamageClass[];
}

async function readLabels(file: string, classes: readonly DamageClass[]): Promise<Truth[]> {
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/);
  return lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [parseLabel(line, `${file}:${index + 1}`, classes)],
  );
}

function parseLabel(line: string, where: string, classes: readonly DamageClass[]): Truth {
  const fields = line.trim().split(/\s+/).map(Number);
  if (fields.length !== 5 || fields.some((field) => !Number.isFinite(field))) {
    throw new DatasetError(
      `${where}: expected "class cx cy width height", got ${JSON.stringify(line.slice(0, 80))}`,
    );
  }
  const [index, cx, cy, width, height] = fields as [number, number, number, number, number];
  const damageClass = classes[index];
  if (damageClass === undefined)
    throw new DatasetError(`${where}: class ${index} is not one of the ${classes.length} in classes.txt`);
  if (!(width > 0 && height > 0 && width <= 1 && height <= 1 && cx >= 0 && cx <= 1 && cy >= 0 && cy <= 1)) {
    throw new DatasetError(
      `${where}: box outside the picture: centre and size must be fractions, got ${fields.slice(1).join(' ')}`,
    );
  }
  const left = Math.max(0, cx - width / 2);
  const top = Math.max(0, cy - height / 2);
  return {
    damageClass,
    box: [left, top, Math.min(1, cx + width / 2) - left, Math.min(1, cy + height / 2) - top],
  };
}
