/**
 * A scene as film. The road changes only at known seconds; between them everything repeats with the traffic's period. So
 * each state of the road is rendered for one period at most, however long it lasts.
 */
import { type DamageTruth, renderBase, Stage } from './frame.ts';
import type { Relief } from './relief.ts';
import { makeDamage, makeStreet } from './scene.ts';
import type { RoadState } from './story.ts';
import { crewAt, parkedVehicle, Traffic } from './traffic.ts';
import type { ViewOptions } from './view.ts';

/** What all states of a film share, as plain data. */
export interface FilmPlan {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seed: number;
  /** Shadows of trees, 0 to 1. */
  readonly treeShadow: number;
  /** Largest sway of the pole, pixels. */
  readonly shake: number;
  readonly view: Partial<ViewOptions>;
  /** A real picture or video to put the damage into, instead of a generated street. */
  readonly background?: { readonly kind: 'video' | 'picture'; readonly file: string };
}

/** Pixels, when nothing else is asked for. */
export const DEFAULT_SIZE = { width: 1280, height: 720 };
/** Seconds after which traffic and shadows repeat. */
export const PERIOD = 24;

/** Frames of which a state is made: one period, or less when it is over sooner. */
export function frameCount(state: RoadState, fps: number, period = PERIOD): number {
  return Math.max(1, Math.round(Math.min(period, state.until - state.from) * fps));
}

export interface FilmFrame {
  readonly rgb: Buffer;
  readonly truth: readonly DamageTruth[];
}

export function* film(
  plan: FilmPlan,
  state: RoadState,
  cutouts: ReadonlyMap<string, Relief> = new Map(),
): Generator<FilmFrame> {
  const { width, height, fps, seed, shake } = plan;
  // A margin for the sway: the picture is a window that moves over a slightly larger one.
  const margin = Math.ceil(shake);
  const inner = makeStreet({ width, height, seed, weather: state.weather, view: plan.view });
  const street = margin === 0 ? inner : { ...inner, view: inner.view.widened(margin) };
  const { vehiclesPerMinute, people } = state;
  const stage = new Stage({
    street,
    damage: state.damage.map(({ id, damage }) => ({ id, relief: cutouts.get(id) ?? makeDamage(damage) })),
    traffic: new Traffic(street.surface, { seed, perMinute: vehiclesPerMinute, people, period: PERIOD }),
    standing: [...state.crew.flatMap(crewAt), ...(state.parked ?? []).map(parkedVehicle)],
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
  { rgb, truth }: FilmFrame,
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
