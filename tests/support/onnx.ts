/**
 * Small ONNX models for tests, written byte by byte (protobuf, onnx/onnx.proto3): a graph that looks at its input and answers
 * with boxes that the test chose. Real enough for onnxruntime, and no binary has to be committed.
 */

type Field = readonly [tag: number, value: number | string | Uint8Array];

/** Element types of onnx.TensorProto.DataType. */
const TYPES = { float32: 1, uint8: 2, int64: 7 } as const;
export type ElementType = keyof typeof TYPES;

export interface TestModel {
  readonly input: { readonly name: string; readonly type: ElementType; readonly shape: readonly number[] };
  readonly output: { readonly name: string; readonly shape: readonly number[] };
  /** The answer for an input whose every byte is 255; an input of zeros gives zeros, in between it is in proportion. */
  readonly answer: readonly number[];
}

/** A model whose output is `answer` times the mean of the input over 255: it sees its input, and its answer is known. */
export function onnxModel({ input, output, answer }: TestModel): Uint8Array {
  const nodes = [
    node('Cast', [input.name], ['pixels'], [attribute('to', TYPES.float32)]),
    node('ReduceMean', ['pixels'], ['mean'], [attribute('keepdims', 0)]),
    node('Div', ['mean', 'white'], ['brightness']),
    node('Mul', ['answer', 'brightness'], [output.name]),
  ];
  const graph = message([
    ...nodes.map((bytes): Field => [1, bytes]),
    [2, 'test'],
    [5, tensor('white', [], [255])],
    [5, tensor('answer', output.shape, answer)],
    [11, valueInfo(input.name, TYPES[input.type], input.shape)],
    [12, valueInfo(output.name, TYPES.float32, output.shape)],
  ]);
  return message([
    [1, 8],
    [2, 'roadwatch-tests'],
    [7, graph],
    [8, message([[2, 17]])],
  ]);
}

function node(kind: string, inputs: string[], outputs: string[], attributes: Uint8Array[] = []): Uint8Array {
  return message([
    ...inputs.map((name): Field => [1, name]),
    ...outputs.map((name): Field => [2, name]),
    [4, kind],
    ...attributes.map((bytes): Field => [5, bytes]),
  ]);
}

function attribute(name: string, value: number): Uint8Array {
  const INT = 2;
  return message([
    [1, name],
    [3, value],
    [20, INT],
  ]);
}

function tensor(name: string, shape: readonly number[], values: readonly number[]): Uint8Array {
  return message([
    ...shape.map((side): Field => [1, side]),
    [2, TYPES.float32],
    [8, name],
    [9, new Uint8Array(new Float32Array(values).buffer)],
  ]);
}

function valueInfo(name: string, type: number, shape: readonly number[]): Uint8Array {
  const dimensions = shape.map((side): Field => [1, message([[1, side]])]);
  const tensorType = message([
    [1, type],
    [2, message(dimensions)],
  ]);
  return message([
    [1, name],
    [2, message([[1, tensorType]])],
  ]);
}

function message(fields: readonly Field[]): Uint8Array {
  const parts = fields.map(([tag, value]) => {
    if (typeof value === 'number') return Buffer.concat([varint(tag << 3), varint(value)]);
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    return Buffer.concat([varint((tag << 3) | 2), varint(bytes.length), bytes]);
  });
  return new Uint8Array(Buffer.concat(parts));
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
