/**
 * What is true of a scenario, second by second: one JSON line a second, and the same as a COCO data set.
 * Times are seconds since the camera began, so that the same scenario gives the same bytes.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../scenario/schema.ts';
import { DAMAGE_KINDS } from '../street/damage.ts';
import type { DamageTruth } from '../street/frame.ts';
import type { Weather } from '../street/light.ts';
import type { CameraSource } from './source.ts';

/** One line of `truth.ndjson`. */
interface SecondOfTruth {
  readonly second: number;
  readonly weather: Weather;
  readonly faults: readonly string[];
  /** Whether a crew is at work. */
  readonly crew: boolean;
  readonly damage: readonly DamageTruth[];
}

function truthOf(scenario: Scenario, source: CameraSource): SecondOfTruth[] {
  const { seconds, weather = [], faults = [], crew = [] } = scenario;
  return Array.from({ length: Math.ceil(seconds) }, (_, second) => ({
    second,
    weather: weather.findLast(({ at }) => at <= second)?.is ?? 'overcast',
    faults: faults
      .filter(({ at, until = Number.POSITIVE_INFINITY }) => at <= second && until > second)
      .map(({ fault }) => fault.kind),
    crew: crew.some(({ at, until }) => at <= second && until > second),
    damage: (source.truthAt?.(second) ?? []).map(({ id, kind, box, visibility }) => ({
      id,
      kind,
      box: box.map(rounded) as unknown as DamageTruth['box'],
      visibility: rounded(visibility),
    })),
  }));
}

/** Writes `truth.ndjson` and `coco.json` into a folder, each whole or not at all. */
export async function writeTruth(dir: string, scenario: Scenario, source: CameraSource): Promise<void> {
  const truth = truthOf(scenario, source);
  await mkdir(dir, { recursive: true });
  await replace(join(dir, 'truth.ndjson'), truth.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const { width, height } = source.timeline.firstClip;
  await replace(
    join(dir, 'coco.json'),
    `${JSON.stringify(cocoOf(scenario, truth, width, height), null, 1)}\n`,
  );
}

/** The COCO format (cocodataset.org, "Data format"): boxes in pixels, one image for each second. */
function cocoOf(scenario: Scenario, truth: readonly SecondOfTruth[], width: number, height: number): object {
  const images = truth.map(({ second }) => ({
    id: second + 1,
    file_name: `${scenario.name}_${String(second).padStart(5, '0')}.jpg`,
    width,
    height,
  }));
  const annotations = truth.flatMap(({ second, damage }) =>
    damage.map(({ id, kind, box: [x, y, w, h], visibility }) => ({
      image_id: second + 1,
      category_id: DAMAGE_KINDS.indexOf(kind) + 1,
      bbox: [x * width, y * height, w * width, h * height].map(rounded),
      area: rounded(w * width * h * height),
      iscrowd: 0,
      damage: id,
      visibility,
    })),
  );
  return {
    info: { description: scenario.description, version: '1' },
    images,
    annotations: annotations.map((annotation, i) => ({ id: i + 1, ...annotation })),
    categories: DAMAGE_KINDS.map((name, i) => ({ id: i + 1, name, supercategory: 'road damage' })),
  };
}

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}

function rounded(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
