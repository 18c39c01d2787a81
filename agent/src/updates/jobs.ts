/** The list of releases that the box was offered: how it is changed. Pure. */
import {
  ENDED_UPDATES,
  Id,
  parseRelease,
  type Release,
  ReleaseSignature,
  UPDATE_STATES,
  type UpdateState,
  UpdateTerms,
} from '@roadwatch/contract';
import type { UpdateCode } from '@roadwatch/contract/codes';
import { type Static, Type } from 'typebox';

export const Job = Type.Object({
  rollout: Id,
  mode: Type.Union([Type.Literal('switch'), Type.Literal('shadow')]),
  /** The text that was signed. */
  release: Type.String(),
  signature: Type.Union([ReleaseSignature, Type.Null()]),
  terms: UpdateTerms,
  state: Type.Unsafe<UpdateState>(Type.Union(UPDATE_STATES.map((state) => Type.Literal(state)))),
  /** By the wall clock. */
  sinceMs: Type.Number(),
  code: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
  /** How often the agent may have ended by it since it was last shown a frame: counted before the model is run. */
  ends: Type.Optional(Type.Integer({ minimum: 0 })),
  /** For how long the agent has run since a package was handed over: the wall clock may be set meanwhile. */
  waitedMs: Type.Optional(Type.Number({ minimum: 0 })),
});
export type Job = Static<typeof Job>;

/** That are remembered: as many as a status tells of. */
const MAX_JOBS = 4;

export function isOpen({ state }: Pick<Job, 'state'>): boolean {
  return !ENDED_UPDATES.includes(state);
}

/** Null: what was offered is none. */
export function releaseOf({ release }: Pick<Job, 'release'>): Release | null {
  try {
    return parseRelease(release);
  } catch {
    return null;
  }
}

/** Of jobs that are not over, but for the one of this rollout. */
export function releasesToCome(
  jobs: readonly Job[],
  but: string | null,
): readonly { readonly release: Release; readonly text: string }[] {
  return jobs.flatMap((job) => {
    const release = job.rollout === but || !isOpen(job) ? null : releaseOf(job);
    return release === null ? [] : [{ release, text: job.release }];
  });
}

export function addJob(jobs: readonly Job[], job: Job): Job[] {
  return [...jobs, job].slice(-MAX_JOBS);
}

/** The job with this state; what is not given is gone. One that is over stays as it is. */
export function endJob(
  jobs: readonly Job[],
  rollout: string,
  state: UpdateState,
  code?: UpdateCode,
  detail?: string,
  sinceMs: number = Date.now(),
): Job[] {
  return jobs.map((job) => {
    if (job.rollout !== rollout || !isOpen(job)) return job;
    const { code: _code, detail: _detail, ...rest } = job;
    return {
      ...rest,
      state,
      sinceMs: state === job.state ? job.sinceMs : sinceMs,
      ...(code === undefined ? {} : { code }),
      ...(detail === undefined ? {} : { detail: detail.slice(0, 500) }),
    };
  });
}

/** The job with what has been counted of it. */
export function withCount(
  jobs: readonly Job[],
  rollout: string,
  count: Pick<Job, 'ends'> | Pick<Job, 'waitedMs'>,
): Job[] {
  return jobs.map((job) => (job.rollout === rollout ? { ...job, ...count } : job));
}
