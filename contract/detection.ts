/**
 * A Detection: damage that one camera saw, verified over time by its agent. Each message is a revision of it, immutable;
 * the gateway keeps them all and takes the highest revision as the present state, in whatever order they arrive.
 */
import { type Static, Type } from 'typebox';
import { DamageClass } from './damage-class.ts';
import { EvidenceRef, MissingEvidence } from './evidence.ts';
import { NormalizedBox, Position } from './geometry.ts';
import { Id, MAX_COUNT, Sha256, Slug, Timestamp } from './ids.ts';
import { Signature } from './signature.ts';
import { Version } from './version.ts';

export const MAX_DETECTION_BYTES = 64 * 1024;

export const ModelRef = Type.Object({
  name: Slug,
  version: Type.String({ minLength: 1, maxLength: 32 }),
  sha256: Sha256,
});
export type ModelRef = Static<typeof ModelRef>;

export const Detection = Type.Object(
  {
    v: Version,
    id: Id,
    revision: Type.Integer({
      minimum: 1,
      maximum: MAX_COUNT,
      description: '1 for opened, then one more with each message',
    }),
    event: Type.Union([Type.Literal('opened'), Type.Literal('updated'), Type.Literal('cleared')], {
      description: 'cleared: the road there has been seen whole again, for long enough to be sure',
    }),
    site: Slug,
    agent: Slug,
    camera: Slug,
    damageClass: DamageClass,
    score: Type.Number({ minimum: 0, maximum: 1, description: 'median of the model scores over the track' }),
    box: NormalizedBox,
    frame: Type.Object({ width: Type.Integer({ minimum: 1 }), height: Type.Integer({ minimum: 1 }) }),
    firstSeenAt: Timestamp,
    since: Type.Optional(
      Type.Literal('before_first_look', {
        description:
          'It was there before the camera was first looked at: found on the first day of a view, whose first picture shows the place as it is',
      }),
    ),
    verifiedAt: Timestamp,
    lastSeenAt: Timestamp,
    capturedAt: Type.String({ ...Timestamp, description: 'capture time of the frame in the evidence' }),
    publishedAt: Timestamp,
    observations: Type.Object({
      seen: Type.Integer({ minimum: 1, description: 'analysed frames that showed it' }),
      looked: Type.Integer({ minimum: 1, description: 'analysed frames in which it could have been seen' }),
    }),
    position: Type.Optional(Position),
    positionOf: Type.Optional(
      Type.Union([Type.Literal('camera'), Type.Literal('damage')], {
        description: 'What the position is of: where the camera hangs (the default), or the damage itself',
      }),
    ),
    model: ModelRef,
    evidence: Type.Array(EvidenceRef, { maxItems: 8 }),
    missing: Type.Optional(
      Type.Array(MissingEvidence, {
        maxItems: 8,
        description: 'what was to show it and will not come, so that nobody waits for it',
      }),
    ),
    signature: Type.Optional(Signature),
  },
  { title: 'Detection' },
);
export type Detection = Static<typeof Detection>;
