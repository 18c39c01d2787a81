/** What a box has made of a release that it was offered, step by step. */
import { type Static, Type } from 'typebox';
import { UPDATE_CODES } from './codes/updates.ts';
import { Id, MAX_COUNT, MachineCode, Timestamp } from './ids.ts';
import { ReleaseName } from './release.ts';
import { UPDATE_STATES, type UpdateState } from './update-states.ts';

const Count = Type.Integer({ minimum: 0, maximum: MAX_COUNT });
const Share = Type.Number({ minimum: 0, maximum: 1 });

/** What a new model says of frames beside the running one, of those that both have seen. */
const Comparison = Type.Object({
  frames: Count,
  boxes: Type.Integer({ minimum: 0, maximum: MAX_COUNT, description: 'of the running model' }),
  newBoxes: Type.Integer({ minimum: 0, maximum: MAX_COUNT, description: 'of the new one' }),
  agreement: Type.Union([Share, Type.Null()], {
    description: 'share of all boxes that both have, of one class and at one place; null: there were none',
  }),
  slowdown: Type.Number({
    minimum: 0,
    maximum: 1e6,
    description: 'its time for a frame over that of the running one',
  }),
});
export type Comparison = Static<typeof Comparison>;

export const UpdateReport = Type.Object(
  {
    rollout: Id,
    release: ReleaseName,
    state: Type.Unsafe<UpdateState>(Type.Union(UPDATE_STATES.map((state) => Type.Literal(state)))),
    since: Timestamp,
    receivedBytes: Type.Integer({ minimum: 0, maximum: 2 ** 40 }),
    totalBytes: Type.Integer({ minimum: 0, maximum: 2 ** 40 }),
    code: Type.Optional({
      ...MachineCode,
      description: `why it is not used, or waits: ${Object.keys(UPDATE_CODES).join(', ')}`,
    }),
    detail: Type.Optional(Type.String({ maxLength: 500 })),
    comparison: Type.Optional(Comparison),
    cameras: Type.Optional(
      Type.Record(Type.String({ maxLength: 63 }), Comparison, {
        maxProperties: 256,
        description: 'by camera, of a model that only looks along',
      }),
    ),
  },
  { title: 'UpdateReport' },
);
export type UpdateReport = Static<typeof UpdateReport>;

export const UpdateTerms = Type.Object(
  {
    trialMinutes: Type.Number({
      minimum: 0.01,
      maximum: 1440,
      description: 'how long it is watched before it counts as good',
    }),
    maxSlowdown: Type.Number({
      minimum: 1,
      maximum: 100,
      description: 'so many times the time of the model before it may a frame take',
    }),
    maxJump: Type.Number({
      minimum: 1,
      maximum: 100,
      description: 'so many times the candidates of the model before may it have',
    }),
    share: Type.Number({
      minimum: 0.01,
      maximum: 1,
      description: 'of frames that a model that only looks along is shown',
    }),
  },
  { title: 'UpdateTerms' },
);
export type UpdateTerms = Static<typeof UpdateTerms>;
