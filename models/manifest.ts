/**
 * `manifest.json` says everything that the code must know of a model, so that a user can drop in one of their own:
 * what goes in, what comes out, which classes and thresholds, and the SHA-256 of the file that it speaks of.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamageClass, describeErrors, Sha256, Slug, sha256 } from '@roadwatch/contract';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';

const Side = Type.Integer({ minimum: 32, maximum: 4096 });
const Fraction = Type.Number({ minimum: 0, maximum: 1 });

/** What every model has, whatever it looks for. */
const Common = {
  name: Slug,
  version: Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$' }),
  file: Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z._-]*\\.onnx$', description: 'beside the manifest' }),
  sha256: Sha256,
  license: Type.String({ minLength: 1, maxLength: 100 }),
  input: Type.Object({
    name: Type.String({ minLength: 1 }),
    width: Side,
    height: Side,
    layout: Type.Literal('nchw'),
    dtype: Type.Union([Type.Literal('uint8'), Type.Literal('float32')], {
      description:
        'uint8: 0 to 255, normalised inside the graph; float32: the same numbers, for models that cannot take bytes',
    }),
    channels: Type.Union([Type.Literal('gbr'), Type.Literal('rgb'), Type.Literal('bgr')], {
      description: 'order of the planes; gbr is how ffmpeg packs them (gbrp) and costs nothing',
    }),
    resize: Type.Union([Type.Literal('letterbox'), Type.Literal('stretch')], {
      description: 'letterbox keeps the shape of the picture, top left, and pads right and bottom',
    }),
    pad: Type.Integer({ minimum: 0, maximum: 255 }),
  }),
  output: Type.Object({
    kind: Type.Union([Type.Literal('boxes'), Type.Literal('yolox'), Type.Literal('yolov8')], {
      description:
        'boxes: [N,6] or [1,N,6] rows of x1 y1 x2 y2 score class, in input pixels, after suppression · ' +
        'yolox: [1,A,5+C] raw grid offsets, strides 8 16 32 · yolov8: [1,4+C,A] cx cy w h in input pixels, then scores',
    }),
    names: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      maxItems: 8,
      description: 'the first holds the boxes',
    }),
  }),
  nmsIou: Fraction,
} as const;

export const Manifest = Type.Object(
  {
    ...Common,
    classes: Type.Array(
      Type.Object({
        name: DamageClass,
        code: Type.String({ minLength: 1, maxLength: 32 }),
        alert: Type.Boolean({ description: 'whether it may become a detection' }),
        threshold: Fraction,
      }),
      { minItems: 1, maxItems: 64, description: 'in the order of the model’s class indices' },
    ),
  },
  { title: 'Manifest' },
);
export type Manifest = Static<typeof Manifest>;

/** Of a model that finds vehicles and people, and much else that is let be. */
export const RoadUsersManifest = Type.Object(
  {
    ...Common,
    classes: Type.Array(
      Type.Object({
        name: Type.String({ minLength: 1, maxLength: 64 }),
        roadUser: Type.Boolean({ description: 'whether no damage is reported on it' }),
        threshold: Fraction,
      }),
      { minItems: 1, maxItems: 256, description: 'in the order of the model’s class indices' },
    ),
  },
  { title: 'RoadUsersManifest' },
);
export type RoadUsersManifest = Static<typeof RoadUsersManifest>;

/** A model folder that cannot be used; the message names the file, the field and what was expected. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/** A model file that has been read and matches its manifest. */
export interface ModelFiles<Described = Manifest> {
  readonly manifest: Described;
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Reads a model folder. Throws ModelError when the manifest does not fit the schema or the file does not fit the manifest. */
export function readModel(folder: string): Promise<ModelFiles> {
  return readFolder(folder, parseManifest);
}

/** The same of a model that finds vehicles and people. Throws ModelError. */
export function readRoadUsersModel(folder: string): Promise<ModelFiles<RoadUsersManifest>> {
  return readFolder(folder, (text, path) => parse(RoadUsersManifest, text, path));
}

async function readFolder<Described extends Pick<Manifest, 'file' | 'sha256'>>(
  folder: string,
  parseText: (text: string, path: string) => Described,
): Promise<ModelFiles<Described>> {
  const path = join(folder, 'manifest.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ModelError(`${path}: cannot read the manifest (${error.code})`);
  });
  const manifest = parseText(text, path);
  const file = join(folder, manifest.file);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new ModelError(`${file}: cannot read the model file (${error.code})`);
  });
  const actual = sha256(bytes);
  if (actual !== manifest.sha256) {
    throw new ModelError(
      `${file}: damaged or exchanged; sha256 is ${actual}, manifest.json says ${manifest.sha256}`,
    );
  }
  return { manifest, file, bytes };
}

/** `path` is named in errors. Throws ModelError. */
export function parseManifest(text: string, path: string): Manifest {
  return parse(Manifest, text, path);
}

function parse<Schema extends TSchema>(schema: Schema, text: string, path: string): Static<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ModelError(`${path}: not valid JSON: ${(error as Error).message}`);
  }
  if (!Value.Check(schema, value)) throw new ModelError(`${path}: ${describeErrors(schema, value)}`);
  return value;
}
