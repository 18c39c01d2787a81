/**
 * A program of its own that runs the model of road users, and ends when nobody talks to it. A thread of the agent would take 47 MiB for it,
 * and leave more than 20 of them behind when it ends.
 */
import { readRoadUsersModel } from '@roadwatch/models';
import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { sessionOptions } from './execution.ts';
import { describeMisfit } from './misfit.ts';
import { OUTPUT_KINDS } from './outputs/output.ts';
import type { FromRoadUsers, ToRoadUsers } from './road-users-process.ts';
import { tensorMaker } from './tensor.ts';

type Find = (pixels: Uint8Array) => Promise<FromRoadUsers>;

const say = (message: FromRoadUsers): void => void process.send?.(message);

process.once('disconnect', () => process.exit());
const { promise: begun, resolve } = Promise.withResolvers<Find>();
process.on('message', (message: ToRoadUsers) => {
  if ('folder' in message) void begin(message.folder).then(resolve, refuse);
  else void begun.then((find) => find(message.pixels)).then(say, refuse);
});

async function begin(folder: string): Promise<Find> {
  const { manifest, bytes } = await readRoadUsersModel(folder);
  const session = await InferenceSession.create(bytes, sessionOptions({ provider: 'cpu', threads: 1 }));
  const misfit = describeMisfit(session, manifest);
  if (misfit !== null) throw new Error(misfit);
  const { input, output, classes, name, version } = manifest;
  const toTensor = tensorMaker(input);
  const { decode } = OUTPUT_KINDS[output.kind];
  const [outputName] = output.names as [string];
  // What is no road user is never a box.
  const thresholds = classes.map((entry) => (entry.roadUser ? entry.threshold : Number.POSITIVE_INFINITY));
  say({ kind: 'ready', model: `${name}-${version}`, input });
  return async (pixels) => {
    const results = await session.run({ [input.name]: toTensor(pixels) }, [outputName]);
    const { data, dims } = results[outputName] as Tensor;
    const boxes = decode(data as Float32Array, dims, manifest, thresholds);
    return {
      kind: 'found',
      boxes: boxes.map((box) => ({ ...box, user: classes[box.classIndex]?.name ?? 'unknown' })),
    };
  };
}

function refuse(error: Error): void {
  say({ kind: 'refused', reason: error.message.split('\n')[0] ?? 'unknown error' });
}
