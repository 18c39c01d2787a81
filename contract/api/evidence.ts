/** Pictures and clips, as answers name them. */
import { type Static, Type } from 'typebox';
import { EvidenceRef } from '../evidence.ts';
import { Named } from './shapes.ts';

const { name, kind, contentType, sha256, capturedAt, beginsAt } = EvidenceRef.properties;

export const Evidence = Named('Evidence', {
  name,
  kind,
  contentType,
  sha256,
  capturedAt,
  beginsAt,
  available: Type.Boolean({ description: 'whether its bytes have come' }),
  onRequest: Type.Optional(
    Type.Boolean({
      description: 'true: the box keeps it until it is asked for; left out: it comes by itself',
    }),
  ),
});
export type Evidence = Static<typeof Evidence>;

export const AskedEvidence = Type.Object({
  sha256,
  available: Type.Boolean({ description: 'true: it was here already; false: the box sends it now' }),
});
export type AskedEvidence = Static<typeof AskedEvidence>;

/** Of an inspection: its bytes came with it. */
export const ProofRef = Named('ProofRef', { name, kind, contentType, sha256 });
export type ProofRef = Static<typeof ProofRef>;
