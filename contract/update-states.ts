/** The steps of an update on a box, in their order; plain words, since the console carries them too. */

export const UPDATE_STATES = [
  'waiting',
  'fetching',
  'verifying',
  'warming',
  'comparing',
  'trial',
  'running',
  'shadow',
  'handed_over',
  'refused',
  'rolled_back',
  'cancelled',
] as const;
export type UpdateState = (typeof UPDATE_STATES)[number];

/** From which nothing follows. */
export const ENDED_UPDATES: readonly UpdateState[] = ['running', 'refused', 'rolled_back', 'cancelled'];

/** `switch`: the box goes over to it; `shadow`: a model only looks along and reports figures. */
export const ROLLOUT_MODES = ['switch', 'shadow'] as const;
export type RolloutMode = (typeof ROLLOUT_MODES)[number];
