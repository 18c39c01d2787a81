/** What happens on a street, and the stretches of time between which nothing about it changes. */

import type { DamageOptions } from './damage.ts';
import type { Weather } from './light.ts';
import type { VehicleKind } from './vehicle.ts';

/** Damage that is on the road from one second to another. */
export interface DamageEvent {
  /** The name that ground truth uses. */
  readonly id: string;
  readonly damage: DamageOptions;
  readonly from: number;
  /** Seconds; without it, for ever. */
  readonly until?: number;
  /** Seconds from a quarter of its size to its whole size; 0 is at once. */
  readonly growSeconds?: number;
}

/** People at work on the road, with their lorry and cones. */
export interface CrewPlace {
  readonly x: number;
  readonly z: number;
}

/** A vehicle that stands on the road; its middle is here. */
export interface ParkedVehicle {
  readonly kind: VehicleKind;
  readonly x: number;
  readonly z: number;
}

export interface Story {
  readonly events: readonly DamageEvent[];
  /** In order of time; the first begins at 0. */
  readonly weather: readonly { readonly at: number; readonly is: Weather }[];
  /** In order of time; the first begins at 0. */
  readonly traffic: readonly {
    readonly at: number;
    /** In each lane. */
    readonly vehiclesPerMinute: number;
    readonly people: number;
  }[];
  readonly crew: readonly (CrewPlace & { readonly at: number; readonly until: number })[];
  readonly parked: readonly (ParkedVehicle & { readonly at: number; readonly until: number })[];
}

/** A stretch of time in which the road does not change. */
export interface RoadState {
  /** Seconds since the camera began; the last state ends never. */
  readonly from: number;
  readonly until: number;
  readonly damage: readonly { readonly id: string; readonly damage: DamageOptions }[];
  readonly weather: Weather;
  readonly vehiclesPerMinute: number;
  readonly people: number;
  readonly crew: readonly CrewPlace[];
  /** Left out when there is none: what was rendered before anything could park is still the same. */
  readonly parked?: readonly ParkedVehicle[];
}

/** Growing damage is drawn at this many sizes. */
const GROWTH_STEPS = 4;
const SMALLEST = 0.25;

export function statesOf({ events, weather, traffic, crew, parked }: Story): RoadState[] {
  const phases = events.flatMap(growthPhases);
  const changes = [
    ...phases.flatMap(({ from, until }) => [from, until]),
    ...[...crew, ...parked].flatMap(({ at, until }) => [at, until]),
    ...weather.map(({ at }) => at),
    ...traffic.map(({ at }) => at),
  ].filter((at) => at > 0 && at < Number.POSITIVE_INFINITY);
  const bounds = [0, ...[...new Set(changes)].sort((a, b) => a - b)];
  return bounds.map((from, i) => {
    const { vehiclesPerMinute = 0, people = 0 } = latest(traffic, from) ?? {};
    const isThere = ({ at, until }: { at: number; until: number }): boolean => at <= from && until > from;
    const standing = parked.filter(isThere).map(({ kind, x, z }) => ({ kind, x, z }));
    return {
      from,
      until: bounds[i + 1] ?? Number.POSITIVE_INFINITY,
      damage: phases
        .filter((phase) => phase.from <= from && phase.until > from)
        .map(({ id, damage }) => ({ id, damage })),
      weather: latest(weather, from)?.is ?? 'overcast',
      vehiclesPerMinute,
      people,
      crew: crew.filter(isThere).map(({ x, z }) => ({ x, z })),
      ...(standing.length > 0 && { parked: standing }),
    };
  });
}

interface Phase {
  readonly id: string;
  readonly damage: DamageOptions;
  readonly from: number;
  readonly until: number;
}

function growthPhases(event: DamageEvent): Phase[] {
  const { id, damage, from, until = Number.POSITIVE_INFINITY, growSeconds = 0 } = event;
  if (growSeconds === 0) return [{ id, damage, from, until }];
  const step = growSeconds / GROWTH_STEPS;
  return Array.from({ length: GROWTH_STEPS + 1 }, (_, i) => ({
    id,
    damage: { ...damage, size: (damage.size ?? 1) * (SMALLEST + ((1 - SMALLEST) * i) / GROWTH_STEPS) },
    from: from + i * step,
    until: i === GROWTH_STEPS ? until : Math.min(until, from + (i + 1) * step),
  })).filter((phase) => phase.from < phase.until);
}

function latest<T extends { readonly at: number }>(list: readonly T[], at: number): T | undefined {
  return list.findLast((entry) => entry.at <= at);
}
