/**
 * Vehicles and people around a place in a full-resolution picture: in all of it, and once more from nearer, for whoever is small there.
 * The pictures of the damage and of a later look are read in the same way, so that they can be compared.
 */
import type { NormalizedBox } from '@roadwatch/contract';
import sharp from 'sharp';
import type { RoadUser, RoadUsers } from '../detect/road-users.ts';
import type { EvidenceFile } from '../evidence/evidence.ts';
import type { Planes } from '../frame/cut.ts';
import { planesOf } from '../frame/rgb.ts';
import { together } from '../verify/standing.ts';

/** The width at which the model is shown a picture, as the cut around a place wants it. */
const SHOWN_WIDTH = 640;
/** Of each side of the picture: the part around the place that is looked at from nearer, where there are pixels for that. */
const NEAR = 0.5;

/** Null: the model cannot say. */
export async function usersInPicture(
  { bytes }: Pick<EvidenceFile, 'bytes'>,
  place: NormalizedBox,
  roadUsers: Pick<RoadUsers, 'find'>,
): Promise<readonly RoadUser[] | null> {
  const { width, height } = await sharp(bytes).metadata();
  const whole = await roadUsers.find(await shown(bytes, { left: 0, top: 0, width, height }), place);
  if (whole === null) return null;
  if (width * NEAR < SHOWN_WIDTH) return together(whole, []);
  const part = partAround(place, width, height);
  const [x, y, wide, high] = [
    part.left / width,
    part.top / height,
    part.width / width,
    part.height / height,
  ] as const;
  const inPart = [(place[0] - x) / wide, (place[1] - y) / high, place[2] / wide, place[3] / high] as const;
  const near = await roadUsers.find(await shown(bytes, part), inPart);
  if (near === null) return together(whole, []);
  return together(
    whole,
    near.map((user) => ({
      ...user,
      box: [
        x + user.box[0] * wide,
        y + user.box[1] * high,
        user.box[2] * wide,
        user.box[3] * high,
      ] as NormalizedBox,
    })),
  );
}

interface Part {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** In pixels. */
function partAround([x, y, wide, high]: NormalizedBox, width: number, height: number): Part {
  const part = { width: Math.round(width * NEAR), height: Math.round(height * NEAR) };
  const begin = (middle: number, length: number, all: number): number =>
    Math.max(0, Math.min(all - length, Math.round(middle * all - length / 2)));
  return {
    ...part,
    left: begin(x + wide / 2, part.width, width),
    top: begin(y + high / 2, part.height, height),
  };
}

async function shown(jpeg: Buffer, part: Part): Promise<Planes> {
  const { data, info } = await sharp(jpeg)
    .extract(part)
    .resize({ width: SHOWN_WIDTH, withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return planesOf({ width: info.width, height: info.height, rgb: data });
}
