/**
 * How long a camera that has failed is left alone before it is asked again. One that may be back at any moment is asked often, which
 * costs a connection and no process; what somebody has to set differently first is asked rarely. Pure.
 */
import { backoffMs } from '@roadwatch/common';
import type { FaultKind, StreamFault } from './faults.ts';

export interface Failures {
  /** In a row, this one included, without a connection that was healthy for a while. */
  readonly count: number;
  /** The refusals among the last of them. */
  readonly refusals: number;
  /** Whether the camera has shown a picture since the agent's start. */
  readonly hasStreamed: boolean;
  /** That the last try took: whoever has not answered for seconds has been left alone for as long. */
  readonly triedMs: number;
}

/** A picture must be looked at again within 5 s of the camera's return, of which a keyframe may take two. */
const SOON = { firstMs: 500, maxMs: 2_500 };
const LATER = { firstMs: 1_000, maxMs: 30_000 };
/** Cameras lock an account, or this box, after five wrong logins in half an hour; and who is sent elsewhere finds nothing new soon. */
const REFUSED = { firstMs: 600_000, maxMs: 3_600_000 };
const LEAST_MS = 250;

const PASSING: readonly FaultKind[] = ['unreachable', 'busy', 'ended', 'stalled'];
/** A camera that starts listens before it has a stream. */
const PASSING_AT_START: readonly FaultKind[] = ['not-found', 'not-video', 'no-keyframe'];

/** `random` is in [0, 1). */
export function pauseMs(fault: StreamFault, failures: Failures, random: number): number {
  if (isRefusal(fault)) return backoffMs(failures.refusals - 1, REFUSED, random);
  const passes =
    PASSING.includes(fault.kind) || (failures.hasStreamed && PASSING_AT_START.includes(fault.kind));
  if (!passes) return backoffMs(failures.count - 1, LATER, random);
  return Math.max(LEAST_MS, backoffMs(failures.count - 1, SOON, random) - failures.triedMs);
}

/** What a person has to mend, here or at the camera: to ask again soon does harm and no good. */
export function isRefusal({ kind }: StreamFault): boolean {
  return kind === 'refused' || kind === 'redirect';
}
