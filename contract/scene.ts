/** What a box says of a place some time after its damage was sent to a unit: whether something new stands there. A hint for people. */
import { type Static, Type } from 'typebox';
import { NormalizedBox } from './geometry.ts';
import { MachineCode } from './ids.ts';

/** What a box that can look at a scene says among `commands` of its status. */
export const SCENE_LOOK = 'scene.look';

/** `unclear`: nobody can tell by this look. */
export const SCENE_RESULTS = ['new', 'nothing_new', 'unclear'] as const;
export type SceneResult = (typeof SCENE_RESULTS)[number];

/** The most that a box tells of. */
export const MAX_STANDING = 16;

/** Something that stood still, or a person who stayed, at the place while the box looked. */
export const StandingThing = Type.Object({
  kind: Type.String({
    pattern: '^[a-z][a-z ]{0,31}$',
    description:
      'as the model calls it: person, bicycle, car, motorcycle, bus, train, truck, or what a later one knows',
  }),
  score: Type.Number({ minimum: 0, maximum: 1 }),
  box: NormalizedBox,
  isNew: Type.Boolean({ description: 'false: it stood there when the damage was found' }),
});
export type StandingThing = Static<typeof StandingThing>;

export const SceneReport = Type.Object({
  result: Type.Unsafe<SceneResult>(Type.Union(SCENE_RESULTS.map((result) => Type.Literal(result)))),
  code: Type.Optional({ ...MachineCode, description: 'why it is unclear' }),
  pictures: Type.Integer({ minimum: 0, maximum: 100, description: 'that were compared' }),
  comparesOpening: Type.Boolean({
    description:
      'whether the box knows what stood there when the damage was found; else whatever stands there counts as new',
  }),
  standing: Type.Array(StandingThing, { maxItems: MAX_STANDING }),
});
export type SceneReport = Static<typeof SceneReport>;
