/** How the states of a box in a rollout belong together. */
import type { RolloutAgentState } from '@roadwatch/contract/api';

/** It is used there, or looks along. */
export const GOOD_STATES: readonly RolloutAgentState[] = ['running', 'shadow'];
export const FAILED_STATES: readonly RolloutAgentState[] = ['refused', 'rolled_back'];
/** Told, and not at an end: so many may be at it at a time. */
export const BUSY_STATES: readonly RolloutAgentState[] = [
  'told',
  'fetching',
  'verifying',
  'warming',
  'comparing',
  'trial',
  'handed_over',
];
/** Of those a box lets go when the rollout is taken back. */
export const RECALLED_STATES: readonly RolloutAgentState[] = [...BUSY_STATES, 'shadow'];
