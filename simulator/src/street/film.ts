/**
 * A scene as film. The road changes only at known seconds; between them everything repeats with the traffic's period. So
 * each state of the road is rendered for one period at most, however long it lasts.
 */
import { type DamageTruth, renderBase, Stage } from './frame.ts';
import type { Weather } from './light.ts';
import { type DamageEvent, type DamageOptions, makeDamage, makeStreet } from './scene.ts';
import { Traffic } from './traffic.ts';

/** Everything that a scene's pictures depend on, as plain data. */
export interface FilmPlan {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seed: number;
  readonly weather: Weather;
  readonly events: readonly DamageEvent[];
  readonly vehiclesPerMinute: number;
  readonly people: number;
  readonly treeShadow: number;
  /** Largest sway of the pole, pixels. */
  readonly shake: number;
}

/** A stretch of time in which the road does not change. */
export interface RoadState {
  /** Seconds since the camera began; the last state ends never. */
  readonly from: number;
  readonly until: number;
  readonly damage: readonly DamageOptions[];
}

/** Seconds after which traffic and shadows repeat. */
export const PERIOD = 24;
/** Growing damage is drawn at this many sizes. */
const GROWTH_STEPS = 4;
const SMALLEST = 0.25;

export function statesOf(events: readonly DamageEvent[]): RoadState[] {
  const phases = events.flatMap(growthPhases);
  const changes = phases.flatMap(({ from, until }) => [from, until]).filter((at) => at > 0 && at < Infinity);
  const bounds = [0, ...new Set(changes)].sort((a, b) => a - b);
  return bounds.map((from, i) => ({
    from,
    until: bounds[i + 1] ?? Number.POSITIVE_INFINITY,
    damage: phases.filter((phase) => phase.from <= from && phase.until > from).map(({ damage }) => damage),
  }));
}

interface Phase {
  readonly damage: DamageOptions;
  readonly from: number;
  readonly until: number;
}

function growthPhases({
  damage,
  from,
  until = Number.POSITIVE_INFINITY,
  growSeconds = 0,
}: DamageEvent): Phase[] {
  if (growSeconds === 0) return [{ damage, from, until }];
  const step = growSeconds / GROWTH_STEPS;
  return Array.from({ length: GROWTH_STEPS + 1 }, (_, i) => ({
    damage: { ...damage, size: (damage.size ?? 1) * (SMALLEST + ((1 - SMALLEST) * i) / GROWTH_STEPS) },
    from: from + i * step,
    until: i === GROWTH_STEPS ? until : Math.min(until, from + (i + 1) * step),
  })).filter((phase) => phase.from < phase.until);
}

/** Frames of which a state is made: one period, or less when it is over sooner. */
export function frameCount(state: RoadState, fps: number): number {
  return Math.max(1, Math.round(Math.min(PERIOD, state.until - state.from) * fps));
}

export interface FilmFrame {
  readonly rgb: Buffer;
  readonly truth: readonly DamageTruth[];
}

export function* film(plan: FilmPlan, state: RoadState): Generator<FilmFrame> {
  const { width, height, fps, seed, shake } = plan;
  // A margin for the sway: the picture is a window that moves over a slightly larger one.
  const margin = Math.ceil(shake);
  const inner = makeStreet({ width, height, seed, weather: plan.weather });
  const street = margin === 0 ? inner : { ...inner, view: inner.view.widened(margin) };
  const stage = new Stage({
    street,
    damage: state.damage.map(makeDamage),
    traffic: new Traffic(street.surface, {
      seed,
      perMinute: plan.vehiclesPerMinute,
      people: plan.people,
      period: PERIOD,
    }),
    treeShadow: plan.treeShadow,
    base: renderBase(street),
  });
  const frames = frameCount(state, fps);
  for (let i = 0; i < frames; i++) {
    const seconds = state.from + i / fps;
    const frame = stage.render(seconds, PERIOD);
    yield margin === 0 ? frame : swayed(frame, width, height, margin, shake, seconds);
  }
}

/** The window at its place of the moment; whole pixels, whole swings in a period. */
function swayed(
  { rgb, truth }: { readonly rgb: Buffer; readonly truth: readonly DamageTruth[] },
  width: number,
  height: number,
  margin: number,
  shake: number,
  seconds: number,
): FilmFrame {
  const phase = (2 * Math.PI * seconds) / PERIOD;
  const dx = margin + Math.round(shake * (0.6 * Math.sin(phase * 17) + 0.4 * Math.sin(phase * 41)));
  const dy = margin + Math.round(shake * (0.6 * Math.cos(phase * 13) + 0.4 * Math.sin(phase * 37)));
  const wide = width + 2 * margin;
  const out = Buffer.allocUnsafe(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((y + dy) * wide + dx) * 3;
    rgb.copy(out, y * width * 3, from, from + width * 3);
  }
  const tall = height + 2 * margin;
  return {
    rgb: out,
    truth: truth.flatMap(({ box: [x, y, w, h], ...rest }) => {
      const left = Math.max(0, (x * wide - dx) / width);
      const top = Math.max(0, (y * tall - dy) / height);
      const right = Math.min(1, ((x + w) * wide - dx) / width);
      const bottom = Math.min(1, ((y + h) * tall - dy) / height);
      return right > left && bottom > top
        ? [{ ...rest, box: [left, top, right - left, bottom - top] as const }]
        : [];
    }),
  };
}
