/** The wall of the command centre: what a visitor sees of the city, without a word about any person. */
import { type Static, Type } from 'typebox';
import { BilingualText, DamageClass } from '../damage-class.ts';
import { NormalizedBox } from '../geometry.ts';
import { Id, Sha256, Timestamp } from '../ids.ts';
import { ApiToken, TOKEN_NAME } from './access.ts';
import { AllOf, ListOf, Named, OneOf, OrNull } from './shapes.ts';
import { TICKET_STATES } from './vocabulary.ts';

const Count = Type.Integer({ minimum: 0 });
const Share = Type.Object({ count: Count, of: Count });

/** Of a day up to some time of it; gateway/src/wall/day-figures.ts says what each counts. */
export const WallFigures = Named('WallFigures', {
  alerts: Count,
  dispatched: Count,
  answered: Share,
  arrived: Share,
  proven: Count,
});
export type WallFigures = Static<typeof WallFigures>;

/** One damage, and how far its way has come: from the camera that saw it to the camera that sees it mended. */
export const WallCase = Named('WallCase', {
  id: Id,
  number: OrNull(Type.String()),
  damageClass: DamageClass,
  place: BilingualText,
  source: OneOf(['camera', 'citizen']),
  unit: OrNull(BilingualText),
  state: OrNull(OneOf(TICKET_STATES), { description: 'null: it has no ticket yet' }),
  seenAt: Timestamp,
  dispatchedAt: OrNull(Timestamp),
  answeredAt: OrNull(Timestamp),
  arrivedAt: OrNull(Timestamp),
  provenAt: OrNull(Timestamp),
  lastAt: Timestamp,
});
export type WallCase = Static<typeof WallCase>;

export const WallUnanswered = Named('WallUnanswered', {
  number: Type.String(),
  damageClass: DamageClass,
  place: BilingualText,
  unit: BilingualText,
  startedAt: Timestamp,
  deadlineAt: Timestamp,
  others: Type.Integer({ minimum: 0, description: 'how many more wait for an answer' }),
});
export type WallUnanswered = Static<typeof WallUnanswered>;

const Still = Type.Object({ sha256: Sha256, at: Timestamp });

/** The same camera before and after the repair. */
export const WallProof = Named('WallProof', {
  number: Type.String(),
  damageClass: DamageClass,
  place: BilingualText,
  unit: BilingualText,
  box: NormalizedBox,
  before: Still,
  after: Still,
});
export type WallProof = Static<typeof WallProof>;

/** Each tile with the instant at which it was last read; one that cannot be read keeps its value, and its age. */
const Tile = <Schema extends Parameters<typeof OrNull>[0]>(value: Schema) =>
  Type.Object({ at: OrNull(Timestamp), value: OrNull(value) });

export const WallBoard = Named('WallBoard', {
  figures: Tile(Type.Object({ today: WallFigures, yesterday: WallFigures })),
  feed: Tile(
    Type.Object({
      cases: ListOf(WallCase, { description: 'of the last 24 hours, the latest step first' }),
      total: Count,
    }),
  ),
  unanswered: Tile(Type.Object({ oldest: OrNull(WallUnanswered) })),
  proof: Tile(Type.Object({ latest: OrNull(WallProof) })),
  map: Tile(Type.Object({ seq: Count })),
});
export type WallBoard = Static<typeof WallBoard>;

/** What the stream says first. */
export interface WallHello {
  /** The gateway's present instant. */
  readonly now: string;
  readonly timeZone: string;
  readonly responseMinutes: number;
  /** Scripts and styles of the page as this gateway has it: a page made of others loads itself anew. */
  readonly files: readonly string[];
}

/** Screens that may show the wall. Their tokens stand in the audit as token:NAME. */
export const WallList = AllOf('WallList', ApiToken);
export const NewWall = Named(
  'NewWall',
  {
    name: Type.String({ pattern: TOKEN_NAME, description: 'such as lobby' }),
    days: Type.Integer({ minimum: 1, maximum: 1825, default: 365, description: 'valid for so long' }),
  },
  { additionalProperties: false },
);
export type NewWall = Static<typeof NewWall>;
export const WallMade = Named('WallMade', {
  path: Type.String({ description: 'the address of the wall with its token, shown this once' }),
  wall: ApiToken,
});
export type WallMade = Static<typeof WallMade>;
