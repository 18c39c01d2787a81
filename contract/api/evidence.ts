/** Pictures and clips, as answers name them. */
import { type Static, Type } from 'typebox';
import { EvidenceRef } from '../evidence.ts';
import { Named } from './shapes.ts';

const { name, kind, contentType, sha256, capturedAt } = EvidenceRef.properties;

export const Evidence = Named('Evidence', {
  name,
  kind,
  contentType,
  sha256,
  capturedAt,
  available: Type.Boolean({ description: 'whether its bytes have come' }),
});
export type Evidence = Static<typeof Evidence>;

/** Of an inspection: its bytes came with it. */
export const ProofRef = Named('ProofRef', { name, kind, contentType, sha256 });
export type ProofRef = Static<typeof ProofRef>;
