/** Single pictures of many streets, each different in everything, with their boxes: a part of a training mix. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { DAMAGE_KINDS, type DamageKind } from './damage.ts';
import { type DamageTruth, Stage } from './frame.ts';
import { WEATHERS, type Weather } from './light.ts';
import { randomFrom } from './noise.ts';
import { makeDamage, makeStreet, type Street } from './scene.ts';
import { Traffic } from './traffic.ts';

export interface SampleOptions {
  readonly frames: number;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** Damage to draw from; empty for streets with nothing but hard negatives. */
  readonly kinds: readonly DamageKind[];
  /** One weather for all; without it, any. */
  readonly weather?: Weather;
}

interface Sample {
  readonly jpeg: Buffer;
  /** What an annotator could see; damage that is mostly hidden or too small is left out. */
  readonly truth: readonly DamageTruth[];
}

/** Share of the pictures without damage. */
const EMPTY_SHARE = 0.15;
const MIN_VISIBILITY = 0.4;
/** Pixels; what is smaller can neither be labelled nor learnt. */
const MIN_SIDE = 9;
const PERIOD = 30;

/** Writes `images/NAME.jpg`, `labels/NAME.txt` (YOLO) and `classes.txt`. */
export async function writeSamples(
  dir: string,
  name: string,
  options: SampleOptions,
  signal: AbortSignal,
): Promise<number> {
  await mkdir(join(dir, 'images'), { recursive: true });
  await mkdir(join(dir, 'labels'), { recursive: true });
  await writeFile(join(dir, 'classes.txt'), `${DAMAGE_KINDS.join('\n')}\n`);
  let boxes = 0;
  for (let i = 0; i < options.frames; i++) {
    signal.throwIfAborted();
    const file = `${name}_${String(options.seed + i).padStart(6, '0')}`;
    const sample = await renderSample(options, options.seed + i);
    await writeFile(join(dir, 'images', `${file}.jpg`), sample.jpeg);
    await writeFile(join(dir, 'labels', `${file}.txt`), sample.truth.map(label).join(''));
    boxes += sample.truth.length;
  }
  return boxes;
}

async function renderSample(options: SampleOptions, seed: number): Promise<Sample> {
  const random = randomFrom(seed * 101 + 11);
  const { width, height } = options;
  const weather = options.weather ?? weatherOf(random());
  const street = makeStreet({ width, height, seed, weather, varied: true });
  const damage = random() < EMPTY_SHARE ? [] : placeDamage(street, options.kinds, random, seed);
  const stage = new Stage({
    street,
    damage: damage.map((relief, i) => ({ id: String(i), relief })),
    traffic: new Traffic(street.surface, {
      seed,
      perMinute: random() < 0.4 ? 0 : 14,
      people: 2,
      period: PERIOD,
    }),
    treeShadow: random() < 0.4 ? random() : 0,
  });
  const { rgb, truth } = stage.render(random() * PERIOD, PERIOD);
  addNoise(rgb, street.light.noise * (0.4 + random()), random);
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .blur(0.4 + random() * random() * 1.4)
    .linear(0.85 + random() * 0.3, (random() - 0.5) * 24)
    .jpeg({ quality: 45 + Math.floor(random() * 48) })
    .toBuffer();
  const visible = truth.filter(
    ({ box, visibility }) =>
      visibility >= MIN_VISIBILITY && Math.max(box[2] * width, box[3] * height) >= MIN_SIDE,
  );
  return { jpeg, truth: visible };
}

/** One to four things, at places that the camera sees near enough. */
function placeDamage(
  street: Street,
  kinds: readonly DamageKind[],
  random: () => number,
  seed: number,
): ReturnType<typeof makeDamage>[] {
  if (kinds.length === 0) return [];
  const { view, surface } = street;
  const placed: ReturnType<typeof makeDamage>[] = [];
  const wanted = 1 + Math.floor(random() * 3.4);
  for (let attempt = 0; attempt < 40 && placed.length < wanted; attempt++) {
    const point = { x: 0, z: 0, distance: 0, footprint: 0 };
    const px = (0.08 + 0.84 * random()) * view.width;
    const py = (0.3 + 0.66 * random()) * view.height;
    if (!view.ground(px, py, point) || Math.abs(point.x) > surface.halfWidth - 0.7 || point.distance > 32)
      continue;
    const kind = kinds[Math.floor(random() * kinds.length)] as DamageKind;
    const size = 0.45 + 1.1 * random();
    const relief = makeDamage({ kind, x: point.x, z: point.z, size, seed: seed * 10 + attempt });
    const clear = placed.every(
      (other) =>
        Math.abs(other.x - relief.x) > (other.reachX + relief.reachX) * 0.6 ||
        Math.abs(other.z - relief.z) > (other.reachZ + relief.reachZ) * 0.6,
    );
    if (clear) placed.push(relief);
  }
  return placed;
}

function weatherOf(dice: number): Weather {
  if (dice < 0.4) return 'day';
  if (dice < 0.68) return 'overcast';
  return WEATHERS[2 + Math.floor(((dice - 0.68) / 0.32) * (WEATHERS.length - 2))] ?? 'day';
}

/** Sensor noise: nearly normal, stronger in the dark; `strength` is its standard deviation. */
function addNoise(rgb: Buffer, strength: number, random: () => number): void {
  const table = Float32Array.from(
    { length: 4096 },
    () => (random() + random() + random() - 1.5) * 2 * strength,
  );
  let place = 1;
  for (let i = 0; i < rgb.length; i += 3) {
    place = (Math.imul(place, 1_664_525) + 1_013_904_223) >>> 0;
    const grey = table[place >>> 20] as number;
    for (let k = 0; k < 3; k++) {
      rgb[i + k] = Math.max(
        0,
        Math.min(255, (rgb[i + k] as number) + grey + 0.3 * (table[(place >>> (8 + k)) & 4095] as number)),
      );
    }
  }
}

function label({ kind, box: [x, y, width, height] }: DamageTruth): string {
  const fields = [x + width / 2, y + height / 2, width, height].map((value) => value.toFixed(6));
  return `${DAMAGE_KINDS.indexOf(kind)} ${fields.join(' ')}\n`;
}
