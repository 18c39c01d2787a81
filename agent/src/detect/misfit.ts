/** Whether a model file is what its manifest says. */
import type { InferenceSession } from 'onnxruntime-node';
import { OUTPUT_KINDS } from './outputs/output.ts';
import type { Described } from './outputs/output-kind.ts';

/** What of the model file is not as the manifest says, in one sentence; null when all fits. */
export function describeMisfit(session: InferenceSession, manifest: Described): string | null {
  const { input, output } = manifest;
  const wanted = [1, 3, input.height, input.width];
  const given = session.inputMetadata.find((entry) => entry.name === input.name);
  if (given === undefined) {
    return `input.name: the model has no input ${JSON.stringify(input.name)}, it has ${session.inputNames.join(', ')}`;
  }
  if (session.inputNames.length > 1)
    return `input: the model wants ${session.inputNames.length} inputs (${session.inputNames.join(', ')}), expected one`;
  if (!given.isTensor || given.type !== input.dtype) {
    return `input.dtype: the manifest says ${input.dtype}, the model takes ${given.isTensor ? given.type : 'no tensor'}`;
  }
  const shape = given.shape.map(fixedDimension);
  if (shape.length !== 4 || shape.some((side, at) => side !== undefined && side !== wanted[at])) {
    return `input: the manifest says [${wanted.join(',')}], the model takes [${given.shape.join(',')}]`;
  }
  for (const name of output.names) {
    if (!session.outputNames.includes(name)) {
      return `output.names: the model has no output ${JSON.stringify(name)}, it has ${session.outputNames.join(', ')}`;
    }
  }
  const result = session.outputMetadata.find((entry) => entry.name === output.names[0]);
  if (result === undefined || !result.isTensor) return `output.names: ${output.names[0]} is no tensor`;
  if (result.type !== 'float32') return `output: ${result.name} is ${result.type}, expected float32`;
  const misfit = OUTPUT_KINDS[output.kind].misfit(result.shape.map(fixedDimension), manifest);
  if (misfit === null) return null;
  return `output.kind: ${result.name} is [${result.shape.join(',')}], for ${output.kind} ${misfit}`;
}

function fixedDimension(dimension: number | string): number | undefined {
  return typeof dimension === 'number' && dimension >= 0 ? dimension : undefined;
}
