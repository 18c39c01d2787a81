/** The filter of alerts as addresses and desks write it. */
import type { DamageClass } from '@roadwatch/contract';
import type { Box } from '../queue/filter.ts';
import type { MapFilter } from '../queue/on-the-map.ts';
import { Refusal } from '../refusal.ts';

interface Asked {
  readonly camera?: string;
  readonly damageClass?: DamageClass;
  readonly bbox?: string;
  readonly from?: string;
  readonly to?: string;
  readonly text?: string;
  readonly number?: string;
  readonly unit?: string;
  readonly area?: string;
}

/** Throws Refusal for a box that is none, and for a time that ends before it begins. */
export function filterOf({ bbox, from, to, ...asked }: Asked): MapFilter {
  if (from !== undefined && to !== undefined && Date.parse(from) > Date.parse(to))
    throw new Refusal('fields_invalid', 'to: expected an instant that is not before from');
  const { camera, damageClass, text, number, unit, area } = asked;
  return {
    ...(camera === undefined ? {} : { camera }),
    ...(damageClass === undefined ? {} : { damageClass }),
    ...(bbox === undefined ? {} : { boxes: [boxOf(bbox)] }),
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
    ...(text === undefined ? {} : { text }),
    ...(number === undefined ? {} : { number }),
    ...(unit === undefined ? {} : { unit }),
    ...(area === undefined ? {} : { area }),
  };
}

function boxOf(bbox: string): Box {
  const [west = 0, south = 0, east = 0, north = 0] = bbox.split(',').map(Number);
  if (west > east || south > north || west < -180 || east > 180 || south < -90 || north > 90)
    throw new Refusal('fields_invalid', 'bbox: expected west,south,east,north in degrees, west before east');
  return { west, south, east, north };
}
