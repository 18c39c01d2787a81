import { newId } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { endJob, type Job } from './jobs.ts';

const job: Job = {
  ...{ rollout: newId(), mode: 'switch', release: '{}', signature: null, state: 'trial', sinceMs: 0 },
  terms: { trialMinutes: 1, maxSlowdown: 3, maxJump: 3, share: 0.1 },
};

test('what has become of a release stays as it was said first', () => {
  const ended = endJob([job], job.rollout, 'rolled_back', 'too_slow', '90 ms for a frame');
  expect(ended).toMatchObject([{ state: 'rolled_back', code: 'too_slow', detail: '90 ms for a frame' }]);
  expect(endJob(ended, job.rollout, 'refused', 'update_failed')).toEqual(ended);
});
