/** The list of releases that the box was offered: how it is changed. Pure. */
import { ENDED_UPDATES, type UpdateState } from '@roadwatch/contract';
import type { UpdateCode } from '@roadwatch/contract/codes';
import type { Job } from './state.ts';

/** That are remembered: as many as a status tells of. */
const MAX_JOBS = 4;

export function isOpen({ state }: Pick<Job, 'state'>): boolean {
  return !ENDED_UPDATES.includes(state);
}

export function addJob(jobs: readonly Job[], job: Job): Job[] {
  return [...jobs, job].slice(-MAX_JOBS);
}

/** The job with this state; what is not given is gone. */
export function endJob(
  jobs: readonly Job[],
  rollout: string,
  state: UpdateState,
  code?: UpdateCode,
  detail?: string,
  sinceMs: number = Date.now(),
): Job[] {
  return jobs.map((job) => {
    if (job.rollout !== rollout) return job;
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
