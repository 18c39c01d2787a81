/** A scenario: everything that happens before one camera, with the truth of it known. Written as YAML. */
import { type Static, Type } from 'typebox';
import { accessFields } from '../camera/access.ts';
import { Fault } from '../camera/faults.ts';
import { As } from '../camera/makers/known.ts';
import { DAMAGE_KINDS } from '../street/damage.ts';
import { WEATHERS } from '../street/light.ts';
import { VEHICLE_KINDS } from '../street/vehicle.ts';

const strict = { additionalProperties: false } as const;
const Second = (description: string) => Type.Number({ minimum: 0, maximum: 86_400, description });
const Name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,59}$' });
const WeatherName = Type.Union(WEATHERS.map((weather) => Type.Literal(weather)));
const Place = {
  x: Type.Number({ minimum: -12, maximum: 12, description: 'metres to the right of the middle of the road' }),
  z: Type.Number({ minimum: 5, maximum: 40, description: 'metres ahead of the camera' }),
};

const Pixels = (minimum: number) => Type.Integer({ minimum, maximum: 8192 });
const Metres = Type.Number({ minimum: 0.1, maximum: 12 });

const Cutout = Type.Object(
  {
    picture: Type.String({ minLength: 1, description: 'photograph, relative to the scenario' }),
    box: Type.Optional(
      Type.Tuple([Pixels(0), Pixels(0), Pixels(4), Pixels(4)], {
        description: 'left, top, width and height of the damage in it; without it, the whole picture',
      }),
    ),
    metres: Type.Tuple([Metres, Metres], { description: 'across the road and along it, at size 1' }),
  },
  { description: 'the damage as a photograph shows it, rather than drawn', ...strict },
);

const Damage = Type.Object(
  {
    id: Type.Optional(Name),
    kind: Type.Union(DAMAGE_KINDS.map((kind) => Type.Literal(kind))),
    at: Second('when it appears'),
    growSeconds: Type.Optional(
      Type.Number({ minimum: 0, maximum: 3600, description: 'from a quarter of its size to all of it' }),
    ),
    repairedAt: Type.Optional(Second('when a patch takes its place')),
    ...Place,
    size: Type.Optional(Type.Number({ minimum: 0.2, maximum: 4, description: '1 is usual for its kind' })),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 30 })),
    cutout: Type.Optional(Cutout),
  },
  strict,
);

export const Video = Type.Object(
  {
    width: Type.Optional(Type.Integer({ minimum: 64, maximum: 3840, multipleOf: 2 })),
    height: Type.Optional(Type.Integer({ minimum: 64, maximum: 2160, multipleOf: 2 })),
    fps: Type.Optional(Type.Number({ minimum: 1, maximum: 60 })),
    gopSeconds: Type.Optional(Type.Number({ minimum: 0.1, maximum: 60 })),
    bitrateKbps: Type.Optional(Type.Integer({ minimum: 50, maximum: 100_000 })),
    codec: Type.Optional(Type.Union([Type.Literal('h264'), Type.Literal('h265')])),
    subStream: Type.Optional(
      Type.Object(
        {
          width: Type.Integer({ minimum: 64, maximum: 3840, multipleOf: 2 }),
          height: Type.Integer({ minimum: 64, maximum: 2160, multipleOf: 2 }),
          bitrateKbps: Type.Optional(Type.Integer({ minimum: 50, maximum: 100_000 })),
        },
        { description: 'a second, smaller stream', ...strict },
      ),
    ),
  },
  strict,
);

export const Audio = Type.Union([Type.Literal('aac'), Type.Literal('pcma'), Type.Literal('pcmu')], {
  description: 'a second track with the sound of the street: AAC, or G.711 (A-law, mu-law)',
});

export const Metadata = Type.Boolean({
  description: 'a track beside the pictures that tells of them, as ONVIF has it',
});

export const Scenario = Type.Object(
  {
    name: Name,
    description: Type.String({ minLength: 1, maxLength: 500 }),
    seed: Type.Integer({
      minimum: 0,
      maximum: 2 ** 30,
      description: 'the same seed gives the same scenario',
    }),
    seconds: Type.Number({
      minimum: 1,
      maximum: 3600,
      description: 'length of what is told; the last state of the road then goes on',
    }),
    background: Type.Optional(
      Type.Union([
        Type.Object(
          { video: Type.String({ minLength: 1, description: 'file, relative to the scenario' }) },
          strict,
        ),
        Type.Object(
          { picture: Type.String({ minLength: 1, description: 'file, relative to the scenario' }) },
          strict,
        ),
      ]),
    ),
    view: Type.Optional(
      Type.Object(
        {
          cameraHeight: Type.Optional(Type.Number({ minimum: 1, maximum: 30, description: 'metres' })),
          cameraX: Type.Optional(Type.Number({ minimum: -15, maximum: 15, description: 'metres' })),
          pitch: Type.Optional(
            Type.Number({ minimum: 0, maximum: 90, description: 'degrees below the horizon' }),
          ),
          yaw: Type.Optional(Type.Number({ minimum: -60, maximum: 60, description: 'degrees' })),
          fieldOfView: Type.Optional(
            Type.Number({ minimum: 20, maximum: 120, description: 'degrees across' }),
          ),
        },
        strict,
      ),
    ),
    weather: Type.Optional(
      Type.Array(Type.Object({ at: Second('when it begins'), is: WeatherName }, strict), { maxItems: 20 }),
    ),
    traffic: Type.Optional(
      Type.Array(
        Type.Object(
          {
            at: Second('when it begins'),
            vehiclesPerMinute: Type.Number({ minimum: 0, maximum: 40, description: 'in each lane' }),
            people: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 })),
          },
          strict,
        ),
        { maxItems: 20 },
      ),
    ),
    treeShadow: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    shakePixels: Type.Optional(Type.Number({ minimum: 0, maximum: 24 })),
    damage: Type.Optional(Type.Array(Damage, { maxItems: 12 })),
    crew: Type.Optional(
      Type.Array(
        Type.Object({ at: Second('when it arrives'), until: Second('when it leaves'), ...Place }, strict),
        { maxItems: 5 },
      ),
    ),
    parked: Type.Optional(
      Type.Array(
        Type.Object(
          {
            at: Second('when it stops there'),
            until: Second('when it leaves'),
            vehicle: Type.Optional(Type.Union(VEHICLE_KINDS.map((kind) => Type.Literal(kind)))),
            ...Place,
          },
          strict,
        ),
        {
          maxItems: 10,
          description: 'what stands on the road: a car unless it says otherwise, its middle here',
        },
      ),
    ),
    faults: Type.Optional(
      Type.Array(
        Type.Object(
          { at: Second('when it begins'), until: Type.Optional(Second('when it ends')), fault: Fault },
          strict,
        ),
        { maxItems: 50 },
      ),
    ),
    video: Type.Optional(Video),
    clockOffsetMs: Type.Optional(Type.Number({ minimum: -86_400_000, maximum: 86_400_000 })),
    audio: Type.Optional(Audio),
    metadata: Type.Optional(Metadata),
    as: Type.Optional(As),
    ...accessFields('scenario'),
  },
  { title: 'Scenario', ...strict },
);
export type Scenario = Omit<Static<typeof Scenario>, 'faults'> & {
  readonly faults?: readonly { readonly at: number; readonly until?: number; readonly fault: Fault }[];
};
