/** What is handed out to boxes: releases of models and of the agent, and rollouts, which bring one to some boxes, a few at a time. */
import { type Static, Type } from 'typebox';
import { Id, Sha256, Slug, Timestamp } from '../ids.ts';
import { RELEASE_KINDS, ReleaseFileName, ReleaseVersion } from '../release.ts';
import { UpdateReport, UpdateTerms } from '../update.ts';
import { ROLLOUT_MODES } from '../update-states.ts';
import { AllOf, ListOf, Named, OneOf, OrNull } from './shapes.ts';
import { ROLLOUT_AGENT_STATES, ROLLOUT_STATES } from './vocabulary.ts';

const Count = Type.Integer({ minimum: 0 });

const releaseFields = {
  id: Id,
  kind: OneOf(RELEASE_KINDS),
  name: Slug,
  version: ReleaseVersion,
  bytes: Count,
  signedBy: OrNull(Sha256, { description: 'SHA-256 of the public key; null: not signed' }),
  uploadedAt: Timestamp,
  uploadedBy: Type.String(),
  withdrawnAt: OrNull(Timestamp),
  files: ListOf(Type.Object({ name: ReleaseFileName, bytes: Count, sha256: Sha256 })),
};
export const ReleaseView = Named('ReleaseView', releaseFields);
export type ReleaseView = Static<typeof ReleaseView>;
export const ReleaseList = AllOf('ReleaseList', ReleaseView);
export const ReleaseDetail = Named('ReleaseDetail', {
  ...releaseFields,
  card: OrNull(Type.String(), { description: 'what its makers say of it, Markdown' }),
});
export type ReleaseDetail = Static<typeof ReleaseDetail>;

/** `*` stands for any letters of a name, such as `binjiang/*`. */
const AgentPattern = Type.String({
  pattern: '^[a-z0-9*][a-z0-9*-]{0,62}/[a-z0-9*][a-z0-9*-]{0,62}$',
  description: 'SITE/AGENT, in which * stands for any letters',
});

export const NewRollout = Type.Object(
  {
    releaseId: Id,
    mode: OneOf(ROLLOUT_MODES),
    targets: Type.Array(AgentPattern, { minItems: 1, maxItems: 200 }),
    atOnce: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'boxes at a time' })),
    percentAtOnce: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'the same, as a share of all' }),
    ),
    maxFailures: Type.Integer({
      minimum: 0,
      maximum: 10_000,
      default: 0,
      description: 'when more boxes than these refuse it or go back, no further one is asked',
    }),
    terms: Type.Partial(UpdateTerms, { default: {}, additionalProperties: false }),
  },
  { title: 'NewRollout', additionalProperties: false },
);
export type NewRollout = Static<typeof NewRollout>;

const rolloutFields = {
  id: Id,
  release: Type.Object({ id: Id, kind: OneOf(RELEASE_KINDS), name: Slug, version: ReleaseVersion }),
  mode: OneOf(ROLLOUT_MODES),
  targets: ListOf(Type.String()),
  terms: UpdateTerms,
  atOnce: Count,
  maxFailures: Count,
  state: OneOf(ROLLOUT_STATES),
  createdAt: Timestamp,
  createdBy: Type.String(),
  endedAt: OrNull(Timestamp),
  counts: Type.Object({
    waiting: Count,
    under_way: { ...Count, description: 'told, and not at an end' },
    done: { ...Count, description: 'it is used there, or looks along' },
    failed: { ...Count, description: 'refused or gone back' },
    cancelled: Count,
  }),
};
export const RolloutView = Named('RolloutView', rolloutFields);
export type RolloutView = Static<typeof RolloutView>;
export const RolloutList = AllOf('RolloutList', RolloutView);

const RolloutAgent = Type.Object({
  site: Slug,
  agent: Slug,
  online: Type.Boolean(),
  state: OneOf(ROLLOUT_AGENT_STATES),
  code: OrNull(Type.String()),
  detail: OrNull(Type.String()),
  changedAt: Timestamp,
  report: OrNull(UpdateReport, { description: 'what the box last said of it' }),
});
export type RolloutAgent = Static<typeof RolloutAgent>;
export const RolloutDetail = Named('RolloutDetail', { ...rolloutFields, agents: ListOf(RolloutAgent) });
export type RolloutDetail = Static<typeof RolloutDetail>;
