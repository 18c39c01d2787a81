/** Pictures and clips that show a detection: binary messages, tied to it by name and SHA-256. */
import { type Static, Type } from 'typebox';
import { MISSING_EVIDENCE } from './codes/missing.ts';
import { Sha256, Timestamp } from './ids.ts';

/** Larger evidence is refused by both ends. */
export const MAX_EVIDENCE_BYTES = 8 * 1024 * 1024;

/** A part of a file has at least so many bytes, unless it is its end. */
export const MIN_PART_BYTES = 1024;

/** A file name that is safe as a topic level and in a folder. */
export const EvidenceName = Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,47}\\.(jpg|mp4)$' });

export const EvidenceRef = Type.Object({
  name: EvidenceName,
  kind: Type.Union([Type.Literal('still'), Type.Literal('overlay'), Type.Literal('clip')], {
    description:
      'still: the full-resolution frame, or what the model was shown of it as long as the full stream has not come · overlay: the same with the box drawn · clip: before and after, not re-encoded',
  }),
  contentType: Type.Union([Type.Literal('image/jpeg'), Type.Literal('video/mp4')]),
  sha256: Sha256,
  bytes: Type.Integer({ minimum: 1, maximum: MAX_EVIDENCE_BYTES }),
  capturedAt: Timestamp,
  beginsAt: Type.Optional(
    Type.String({
      ...Timestamp,
      description:
        'of a clip, when its first picture was captured, where it shows less than usual of the time before `capturedAt`: some cameras are recorded only from the first sight of something on; left out: it begins a few seconds before',
    }),
  ),
  onRequest: Type.Optional(
    Type.Boolean({
      description:
        'true: the box keeps it as long as it has room, and sends it when it is asked for by evidence.send; left out: it comes by itself',
    }),
  ),
});
export type EvidenceRef = Static<typeof EvidenceRef>;

/** Evidence that was promised and does not come, and why. A gateway shows a reason that it does not know as it is. */
export const MissingEvidence = Type.Object({
  name: EvidenceName,
  kind: EvidenceRef.properties.kind,
  reason: Type.String({
    pattern: '^[a-z][a-z0-9_]{0,47}$',
    description: Object.entries(MISSING_EVIDENCE)
      .map(([reason, { en }]) => `${reason}: ${en}`)
      .join(' · '),
  }),
});
export type MissingEvidence = Static<typeof MissingEvidence>;
