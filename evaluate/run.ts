/**
 * Every picture of a data set through the agent's own scaling, session and decoding: once with the deployed thresholds, as
 * it runs on the street, and once with a low one, for the precision-recall curve.
 */
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { Box } from '../agent/src/detect/box.ts';
import { loadModel, type Model, withThreshold } from '../agent/src/detect/model.ts';
import { DetectorSession } from '../agent/src/detect/session.ts';
import { contentSize, fitFilters } from '../agent/src/frame/letterbox.ts';
import { FramePool } from '../agent/src/frame/pool.ts';
import { type LabelledPicture, readDataset } from './dataset.ts';
import { computeMetrics, type EvaluatedPicture, type Metrics } from './metrics.ts';

const CURVE_THRESHOLD = 0.01;
const WARM_UP_RUNS = 3;

export interface Evaluation extends Metrics {
  readonly model: { readonly name: string; readonly version: string; readonly sha256: string };
  readonly data: string;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly threads: number;
  readonly cpu: string;
  /** Tensor to boxes at the deployed thresholds, without reading and scaling. */
  readonly msMedian: number;
  readonly msP95: number;
  /** Pictures that could not be read, by path; they are in no figure. */
  readonly unreadable: readonly string[];
}

export async function evaluate(options: {
  readonly data: string;
  readonly model: string;
  readonly threads: number;
  onProgress?(done: number, all: number): void;
}): Promise<Evaluation> {
  const dataset = await readDataset(options.data);
  const model = await loadModel(options.model);
  const pool = new FramePool(model.format, 1);
  const slot = pool.acquire() as number;
  const deployed = await DetectorSession.start(model, pool, options);
  const curve = await DetectorSession.start(withThreshold(model, CURVE_THRESHOLD), pool, options);
  const judged: EvaluatedPicture[] = [];
  const unreadable: string[] = [];
  const times: number[] = [];
  try {
    for (let run = 0; run < WARM_UP_RUNS; run++) await deployed.run(slot, model.format);
    for (const [index, picture] of dataset.pictures.entries()) {
      const content = await fill(pool.pixels(slot), picture, model);
      if (content === null) {
        unreadable.push(picture.path);
      } else {
        const quick = await deployed.run(slot, content);
        times.push(quick.elapsedMs);
        judged.push({
          truths: picture.truths,
          deployed: quick.boxes,
          all: (await curve.run(slot, content)).boxes as readonly Box[],
        });
      }
      options.onProgress?.(index + 1, dataset.pictures.length);
    }
  } finally {
    await Promise.all([deployed.close(), curve.close()]);
  }
  times.sort((a, b) => a - b);
  return {
    model: model.ref,
    data: options.data,
    thresholds: Object.fromEntries(model.manifest.classes.map((entry) => [entry.name, entry.threshold])),
    threads: options.threads,
    cpu: cpus()[0]?.model ?? 'unknown',
    ...computeMetrics(judged, dataset.classes),
    msMedian: percentile(times, 0.5),
    msP95: percentile(times, 0.95),
    unreadable,
  };
}

const run = promisify(execFile);

/** Scales a picture into the slot as the agent scales a camera's frame; null when it cannot be read. */
async function fill(
  pixels: Uint8Array,
  { path }: LabelledPicture,
  model: Model,
): Promise<{ width: number; height: number } | null> {
  try {
    const { width, height } = await sharp(path).metadata();
    const { stdout } = await run(
      'ffmpeg',
      [
        '-v',
        'error',
        '-i',
        path,
        '-frames:v',
        '1',
        '-vf',
        fitFilters(model.manifest.input),
        '-f',
        'rawvideo',
        'pipe:1',
      ],
      { encoding: 'buffer', maxBuffer: 2 * model.format.bytes },
    );
    if (stdout.length !== model.format.bytes) return null;
    pixels.set(stdout);
    return contentSize({ width, height }, model.manifest.input);
  } catch {
    return null;
  }
}

function percentile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}
