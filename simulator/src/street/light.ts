/** Weather and time of day: how much light falls, from where, and what stands in the way of the view. */
import { radians } from './view.ts';

export const WEATHERS = ['day', 'overcast', 'dusk', 'night', 'rain', 'fog'] as const;
export type Weather = (typeof WEATHERS)[number];

export interface Light {
  readonly weather: Weather;
  /** Towards the sun: X right, Y up, Z ahead; length 1. */
  readonly sun: readonly [number, number, number];
  /** Share of the light on the road that comes from the sun; the rest comes from the whole sky. */
  readonly direct: number;
  /** Gain of red, green and blue on everything. */
  readonly tint: readonly [number, number, number];
  readonly sky: readonly [number, number, number];
  /** Metres at which fog has taken 63 % of the contrast; infinite for clear air. */
  readonly visibility: number;
  /** A wet road is darker, and mirrors the sky. */
  readonly wet: number;
  /** Strength of sensor noise, for ffmpeg's `noise` filter. */
  readonly noise: number;
}

type Tone = Omit<Light, 'weather' | 'sun'>;

const CLEAR = Number.POSITIVE_INFINITY;
const TONES: Record<Weather, Tone> = {
  day: { direct: 0.6, tint: [1.02, 1, 0.96], sky: [176, 202, 230], visibility: CLEAR, wet: 0, noise: 5 },
  overcast: { direct: 0.15, tint: [0.95, 0.97, 1], sky: [205, 210, 214], visibility: 600, wet: 0, noise: 6 },
  dusk: { direct: 0.5, tint: [0.74, 0.62, 0.55], sky: [224, 164, 120], visibility: 500, wet: 0, noise: 9 },
  night: { direct: 0.1, tint: [0.3, 0.3, 0.34], sky: [14, 17, 28], visibility: CLEAR, wet: 0, noise: 14 },
  rain: { direct: 0.05, tint: [0.76, 0.8, 0.84], sky: [168, 176, 182], visibility: 160, wet: 1, noise: 9 },
  fog: { direct: 0.05, tint: [0.9, 0.91, 0.92], sky: [206, 209, 211], visibility: 38, wet: 0.3, noise: 7 },
};

/** @param azimuth degrees to the right of the road's direction @param elevation degrees above the horizon */
export function lightOf(weather: Weather, azimuth: number, elevation: number): Light {
  const height = radians(weather === 'dusk' ? Math.min(elevation, 14) : elevation);
  const turn = radians(azimuth);
  const flat = Math.cos(height);
  return {
    weather,
    sun: [Math.sin(turn) * flat, Math.sin(height), Math.cos(turn) * flat],
    ...TONES[weather],
  };
}
