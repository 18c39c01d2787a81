/** Alerts: what waits for a verdict, and what became of it. */
import { type Static, Type } from 'typebox';
import { BilingualText, DamageClass } from '../damage-class.ts';
import { MissingEvidence } from '../evidence.ts';
import { NormalizedBox } from '../geometry.ts';
import { Id, Timestamp } from '../ids.ts';
import { Evidence } from './evidence.ts';
import { CameraName, FrameSize, MaybePosition } from './place.ts';
import { AllOf, ListOf, Named, OneOf, OrNull, ofCamera } from './shapes.ts';
import { ALERT_CONDITIONS, ALERT_STATES, RISKS } from './vocabulary.ts';

const Score = Type.Number({ minimum: 0, maximum: 1 });
const Count = Type.Integer({ minimum: 0 });
const Source = OrNull(Type.String(), { description: 'SITE/AGENT/CAMERA; null: a person' });

/** What a person has reported. */
export const CitizenReport = Named('CitizenReport', {
  number: Type.String({ description: 'such as CR-20261123-000123' }),
  description: OrNull(Type.String()),
  address: OrNull(Type.String()),
  mediaUrl: OrNull(Type.String({ description: 'the first of mediaUrls' })),
  mediaUrls: ListOf(Type.String()),
  answers: ListOf(Type.Object({ code: Type.String(), text: BilingualText, answer: BilingualText })),
});
export type CitizenReport = Static<typeof CitizenReport>;

/** What one source shows of an alert. */
export const AlertPicture = Named('AlertPicture', {
  alertId: Type.String({ ...Id, description: 'the alert, or the part of it that the source reported' }),
  source: Source,
  cameraName: CameraName,
  damageClass: DamageClass,
  detectionId: OrNull(Id),
  score: Score,
  box: NormalizedBox,
  frame: OrNull(FrameSize),
  evidence: ListOf(Evidence),
  missing: ListOf(MissingEvidence, { description: 'what of it will not come, and why' }),
  signed: Type.Boolean({ description: 'whether its box signed them, so that they can be proven' }),
});
export type AlertPicture = Static<typeof AlertPicture>;

/** What was merged into an alert. */
export const AlertPart = Named('AlertPart', {
  id: Id,
  damageClass: DamageClass,
  ...ofCamera,
  cameraName: CameraName,
  report: OrNull(CitizenReport),
  count: Count,
  mergedBy: OrNull(Type.String()),
  mergedAt: OrNull(Timestamp),
});
export type AlertPart = Static<typeof AlertPart>;

const fields = {
  id: Id,
  state: OneOf(ALERT_STATES),
  source: OneOf(['camera', 'citizen']),
  damageClass: DamageClass,
  ...ofCamera,
  cameraName: CameraName,
  report: OrNull(CitizenReport, { description: 'what a person has reported; null for what a camera has' }),
  detectionId: OrNull(Id),
  score: Score,
  box: NormalizedBox,
  frame: OrNull(FrameSize, {
    description: 'the size in pixels of the picture that the box is a fraction of',
  }),
  pictureOf: OrNull(Type.String(), { description: 'SITE/AGENT/CAMERA whose picture this is' }),
  pictures: ListOf(AlertPicture, { description: 'the best of each source' }),
  position: MaybePosition,
  storedAt: Timestamp,
  createdAt: Timestamp,
  claimedTimes: OrNull(Type.Object({ firstSeenAt: Timestamp, lastSeenAt: Timestamp }), {
    description:
      'what the box claims, where that cannot be: then the times here are those at which its messages came',
  }),
  firstSeenAt: Timestamp,
  since: OrNull(Type.Literal('before_first_look'), {
    description:
      'before_first_look: it was there when the camera was first looked at; null: that cannot be said',
  }),
  lastSeenAt: Timestamp,
  count: Count,
  condition: OneOf(ALERT_CONDITIONS, 'what the camera says of the place now'),
  risk: OneOf(RISKS, 'the queue goes by it first'),
  verdictDueAt: Type.String({ ...Timestamp, description: 'by when there should be a verdict' }),
  claimedBy: OrNull(Type.String(), { description: 'who has it before them now' }),
  claimUntil: OrNull(Timestamp, { description: 'until when, unless that is renewed' }),
  verdictBy: OrNull(Type.String()),
  verdictAt: OrNull(Timestamp),
  confirmedAt: OrNull(Timestamp),
  reason: OrNull(Type.String()),
  note: OrNull(Type.String()),
  shelvedUntil: OrNull(Timestamp),
  ticketId: OrNull(Id),
  mergedInto: OrNull(Id),
  parts: ListOf(AlertPart),
  recurrenceOf: OrNull(Id),
  heldBack: Type.Boolean({ description: 'shelved because the like was rejected at its place' }),
  rejectedBefore: OrNull(Type.Object({ count: Count, alertId: Id, reason: OrNull(Type.String()) }), {
    description: 'how often the like was rejected for good at this place, and why the last time',
  }),
  version: Type.Integer({ minimum: 1 }),
  evidence: ListOf(Evidence),
};

/** As the alerts themselves know it. */
export const AlertFacts = Type.Object(fields);
export type AlertFacts = Static<typeof AlertFacts>;

const UnitId = Type.String({ description: 'the unit that it goes to when it is confirmed' });

export const Alert = Named('Alert', { ...fields, unitId: UnitId });
export type Alert = Static<typeof Alert>;
export const AlertPage = Named('AlertPage', {
  items: ListOf(Alert),
  next: OrNull(Type.String()),
  total: OrNull(Count, {
    description: 'of all pages together; counted for the first, and for each of the queue',
  }),
});
export type AlertPage = Static<typeof AlertPage>;

export const AlertNearby = Named('AlertNearby', {
  ...fields,
  metres: OrNull(Type.Number({ minimum: 0 }), { description: 'null where a place is not known' }),
});
export type AlertNearby = Static<typeof AlertNearby>;
export const AlertsNearby = AllOf('AlertsNearby', AlertNearby);

/** What became of one of several that were rejected at once. */
export const RejectionOutcome = Named('RejectionOutcome', {
  id: Id,
  rejected: Type.Boolean(),
  code: OrNull(Type.String(), { description: 'why not' }),
  detail: OrNull(Type.String()),
});
export type RejectionOutcome = Static<typeof RejectionOutcome>;
export const RejectionOutcomes = AllOf('RejectionOutcomes', RejectionOutcome);

export const UndoOutcome = Named('UndoOutcome', {
  id: Id,
  undone: Type.Boolean(),
  code: OrNull(Type.String(), { description: 'why not' }),
  detail: OrNull(Type.String()),
});
export type UndoOutcome = Static<typeof UndoOutcome>;
export const UndoOutcomes = AllOf('UndoOutcomes', UndoOutcome);

export const Confirmation = Named('Confirmation', {
  ticketId: Id,
  number: Type.String(),
  recallUntil: Timestamp,
});
export type Confirmation = Static<typeof Confirmation>;
