/**
 * A slot's bytes as the tensor that the model wants. For uint8 planes in ffmpeg's order that is a view and costs nothing
 * per frame; other models pay for a copy into a buffer that is made once.
 */
import type { Manifest } from '@roadwatch/models';
import { Tensor } from 'onnxruntime-node';

/** Where ffmpeg's `gbrp` keeps each colour's plane. */
const PLANE = { g: 0, b: 1, r: 2 } as const;

export function tensorMaker(input: Manifest['input']): (pixels: Uint8Array) => Tensor {
  const { width, height } = input;
  const dims = [1, 3, height, width];
  const area = width * height;
  const planes = [...input.channels].map((colour) => PLANE[colour as keyof typeof PLANE]);
  if (input.dtype === 'uint8' && input.channels === 'gbr') {
    const views = new WeakMap<Uint8Array, Tensor>();
    return (pixels) => {
      let tensor = views.get(pixels);
      if (tensor === undefined) {
        tensor = new Tensor('uint8', pixels, dims);
        views.set(pixels, tensor);
      }
      return tensor;
    };
  }
  const target = input.dtype === 'uint8' ? new Uint8Array(3 * area) : new Float32Array(3 * area);
  const tensor = new Tensor(input.dtype, target, dims);
  return (pixels) => {
    for (const [at, plane] of planes.entries()) {
      target.set(pixels.subarray(plane * area, (plane + 1) * area), at * area);
    }
    return tensor;
  };
}
