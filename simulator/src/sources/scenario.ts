/** A scenario as a camera: its story on a generated street, or its damage in real footage. */
import { passwordIn } from '../camera/access.ts';
import type { EncoderSettings } from '../media/encoder-settings.ts';
import { idOf } from '../scenario/read.ts';
import type { Scenario } from '../scenario/schema.ts';
import { DEFAULT_SIZE, type FilmPlan } from '../street/film.ts';
import type { DamageEvent, Story } from '../street/story.ts';
import { type CameraSource, keyframesOf, type SourceOptions } from './source.ts';
import { filmSource } from './street.ts';

const DEFAULT_SHAKE_PIXELS = 1;

/** What the scenario says of the video goes before what the options say. */
export async function scenarioSource(scenario: Scenario, options: SourceOptions): Promise<CameraSource> {
  const { width, height, fps, gopSeconds, bitrateKbps, codec, subStream } = scenario.video ?? {};
  const as = options.as ?? scenario.as ?? options.asOtherwise;
  const encoder: Partial<EncoderSettings> = {
    ...keyframesOf(as),
    ...options.encoder,
    ...(codec && { codec }),
    ...(fps !== undefined && { fps }),
    ...(gopSeconds !== undefined && { gopSeconds }),
    ...(bitrateKbps !== undefined && { bitrateKbps }),
  };
  const size =
    width === undefined && height === undefined
      ? options.size
      : { width: width ?? DEFAULT_SIZE.width, height: height ?? DEFAULT_SIZE.height };
  const { faults, clockOffsetMs, user, passwordFile, login, sessionSeconds, audio, metadata } = scenario;
  const credentials =
    user === undefined || passwordFile === undefined
      ? undefined
      : { user, password: await passwordIn(passwordFile, 'passwordFile') };
  const source = await filmSource(
    { name: scenario.name, story: storyOf(scenario), plan: planOf(scenario) },
    { ...options, encoder, ...(size && { size }) },
  );
  const own = {
    ...(faults && { faults }),
    ...(clockOffsetMs !== undefined && { clockOffsetMs }),
    ...(subStream && { subStream }),
    ...(audio && { audio }),
    ...(metadata !== undefined && { metadata }),
    ...(as && { as }),
    ...(credentials && { credentials }),
    ...(login && { login }),
    ...(sessionSeconds !== undefined && { sessionSeconds }),
  };
  return { ...source, ...own };
}

export function storyOf(scenario: Scenario): Story {
  const { weather, traffic, crew, parked, damage = [], background } = scenario;
  const quiet = { at: 0, vehiclesPerMinute: background === undefined ? 6 : 0, people: 0 };
  return {
    events: damage.flatMap((entry, i) => eventsOf(scenario, entry, i)),
    weather: weather ?? [{ at: 0, is: 'overcast' }],
    traffic: traffic?.map((entry) => ({ people: 2, ...entry })) ?? [quiet],
    crew: crew ?? [],
    parked: (parked ?? []).map(({ vehicle, ...entry }) => ({ kind: vehicle ?? ('car' as const), ...entry })),
  };
}

function eventsOf(
  scenario: Scenario,
  entry: NonNullable<Scenario['damage']>[number],
  index: number,
): DamageEvent[] {
  const { kind, x, z, size = 1, at, growSeconds = 0, repairedAt, cutout } = entry;
  const seed = entry.seed ?? scenario.seed * 100 + index;
  const id = idOf(entry, index);
  const damage: DamageEvent = {
    id,
    damage: { kind, x, z, size, seed, ...(cutout && { cutout }) },
    from: at,
    growSeconds,
    ...(repairedAt !== undefined && { until: repairedAt }),
  };
  if (repairedAt === undefined) return [damage];
  const patch = { kind: 'repair', x, z, size: Math.max(0.7, size), seed: seed + 1 } as const;
  return [damage, { id: `${id}-repair`, damage: patch, from: repairedAt }];
}

function planOf({ seed, treeShadow = 0, shakePixels, view = {}, background }: Scenario): FilmRequestPlan {
  const defined = Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
  return {
    seed,
    treeShadow,
    shake: shakePixels ?? (background === undefined ? DEFAULT_SHAKE_PIXELS : 0),
    view: defined,
    ...(background && {
      background:
        'video' in background
          ? { kind: 'video', file: background.video }
          : { kind: 'picture', file: background.picture },
    }),
  };
}

type FilmRequestPlan = Omit<FilmPlan, 'width' | 'height' | 'fps'>;
