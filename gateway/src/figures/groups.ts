/** By what figures are told apart, and what the groups are called. */
import { type BilingualText, type DamageClass, damageClass } from '@roadwatch/contract';
import type { FigureGrouping } from '@roadwatch/contract/api';
import type { Kysely } from 'kysely';
import { cameraKey, cameraNameOf, cameraNames } from '../cameras/names.ts';
import { hasCamera } from '../cameras/source.ts';
import { type Area, areaContains } from '../geo/area.ts';
import type { Tables } from '../store/tables/index.ts';
import type { Fact } from './facts/fact.ts';
import type { Part } from './period.ts';

export type Areas = ReadonlyMap<string, Area>;

const NOWHERE: BilingualText = { en: 'Outside all areas', zh: '片区以外' };

/** What facts are told apart by. */
export interface Traits {
  readonly unit: string | null;
  readonly damageClass: DamageClass;
  /** The unit in whose area it lies; empty: in none. */
  readonly area: string;
  /** `site/agent/camera`; empty: reported by people. */
  readonly camera: string;
}

/** Which facts are asked for; left out: all. */
export type TraitFilter = { readonly [Trait in keyof Traits]?: NonNullable<Traits[Trait]> };

export function traitsOf(fact: Fact, areas: Areas): Traits {
  return {
    unit: fact.unit,
    damageClass: fact.damage_class,
    area: areaOf(fact, areas),
    camera: hasCamera(fact) ? cameraKey(fact) : '',
  };
}

export function isAskedFor(traits: Traits, { unit, damageClass, area, camera }: TraitFilter): boolean {
  return (
    (unit === undefined || traits.unit === unit) &&
    (damageClass === undefined || traits.damageClass === damageClass) &&
    (area === undefined || traits.area === area) &&
    (camera === undefined || traits.camera === camera)
  );
}

/** The key of the group of what counts at an instant; undefined: of none. */
export function grouping(
  by: FigureGrouping,
  parts: readonly Part[],
): (traits: Traits, at: number) => string | undefined {
  switch (by) {
    case 'time':
      return (_, at) => partAt(parts, at)?.key;
    case 'unit':
      return ({ unit }) => unit ?? undefined;
    case 'class':
      return ({ damageClass }) => damageClass;
    case 'area':
      return ({ area }) => area;
    case 'camera':
      return ({ camera }) => camera;
  }
}

/** The unit in whose area it lies, the first of several; empty for what lies in none or has no place. */
function areaOf({ latitude, longitude }: Pick<Fact, 'latitude' | 'longitude'>, areas: Areas): string {
  if (latitude === null || longitude === null) return '';
  for (const [id, area] of areas) if (areaContains(area, { latitude, longitude })) return id;
  return '';
}

/** Of the groups with these keys; of a part of the period its first day. */
export async function groupNames(
  db: Kysely<Tables>,
  by: FigureGrouping,
  keys: readonly string[],
): Promise<(key: string) => BilingualText> {
  if (by === 'class') return (key) => damageText(key as DamageClass);
  if (by === 'camera') {
    const names = keys.length === 0 ? new Map() : await cameraNames(db, keys.map(cameraOf));
    return (key) => cameraNameOf(names, cameraOf(key));
  }
  if (by === 'time') return (key) => ({ en: key, zh: key });
  const units = await db.selectFrom('units').select(['id', 'name_en', 'name_zh']).execute();
  const names = new Map(units.map(({ id, name_en, name_zh }) => [id, { en: name_en, zh: name_zh }]));
  return (key) => names.get(key) ?? (key === '' ? NOWHERE : { en: key, zh: key });
}

/** The other way round of `cameraKey`. */
export function cameraOf(key: string) {
  const [site = '', agent = '', camera = ''] = key.split('/');
  return { site, agent, camera };
}

function damageText(name: DamageClass): BilingualText {
  const { en, zh } = damageClass(name);
  return { en, zh };
}

/** By bisection: the parts are in order and without a gap. */
function partAt(parts: readonly Part[], at: number): Part | undefined {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle] as Part).end <= at) low = middle + 1;
    else high = middle;
  }
  return parts[low];
}
