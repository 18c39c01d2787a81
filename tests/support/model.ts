/** Model folders for tests, and the changes that make them bad. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@roadwatch/contract';
import type { Manifest } from '@roadwatch/models';
import { type ElementType, onnxModel } from './onnx.ts';
import { temporaryFolder } from './temp.ts';

export interface TestModelOptions {
  readonly kind: Manifest['output']['kind'];
  readonly outputShape: readonly number[];
  /** The output for a white picture; a black one gives zeros. */
  readonly answer: readonly number[];
  readonly channels?: Manifest['input']['channels'];
  readonly dtype?: Extract<ElementType, 'uint8' | 'float32'>;
  readonly change?: (manifest: Record<string, unknown>) => void;
}

/** Writes a model of 64x32 input with two classes, pothole and repair, threshold 0.5. */
export async function writeTestModel(options: TestModelOptions): Promise<string> {
  const folder = await temporaryFolder();
  const dtype = options.dtype ?? 'uint8';
  const bytes = onnxModel({
    input: { name: 'images', type: dtype, shape: [1, 3, 32, 64] },
    output: { name: 'found', shape: options.outputShape },
    answer: options.answer,
  });
  const manifest: Manifest = {
    name: 'test-model',
    version: '1',
    file: 'model.onnx',
    sha256: sha256(bytes),
    license: 'Apache-2.0',
    input: {
      name: 'images',
      width: 64,
      height: 32,
      layout: 'nchw',
      dtype,
      channels: options.channels ?? 'gbr',
      resize: 'letterbox',
      pad: 114,
    },
    output: { kind: options.kind, names: ['found'] },
    classes: [
      { name: 'pothole', code: 'D40', alert: true, threshold: 0.5 },
      { name: 'repair', code: 'repair', alert: false, threshold: 0.5 },
    ],
    nmsIou: 0.5,
  };
  options.change?.(manifest as unknown as Record<string, unknown>);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), bytes);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}
