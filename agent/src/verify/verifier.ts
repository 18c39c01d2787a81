/** When a track has earned to be called damage: seen long enough, often enough, at rest, and clearly. Pure. */
import { medianBox } from '../track/overlap.ts';
import { boxOf, scoreOf, type Track, voteOf } from '../track/tracker.ts';

export interface VerifyRules {
  readonly minSeconds: number;
  readonly minLooks: number;
  readonly minSeenRatio: number;
  readonly minScore: number;
}

export type Judgement =
  | { readonly verdict: 'verified' }
  | { readonly verdict: 'waiting'; readonly lacks: 'time' | 'looks' | 'sightings' | 'score' }
  | { readonly verdict: 'rejected'; readonly because: 'moving' | 'not-damage' };

/** Drift of the centre, between the older and the newer half of what was seen, that still counts as standing still. */
const STILL_SHARE_OF_BOX = 0.15;
const STILL_SHARE_OF_FRAME = 0.004;
const STILL_NEEDS = 4;

export function judge(track: Track, rules: VerifyRules): Judgement {
  if (!voteOf(track).alert) return { verdict: 'rejected', because: 'not-damage' };
  if (track.observations.length >= STILL_NEEDS && !standsStill(track)) {
    return { verdict: 'rejected', because: 'moving' };
  }
  if (track.lastSeenAtMs - track.firstSeenAtMs < rules.minSeconds * 1000) {
    return { verdict: 'waiting', lacks: 'time' };
  }
  if (track.looked < rules.minLooks) return { verdict: 'waiting', lacks: 'looks' };
  if (track.seen / track.looked < rules.minSeenRatio) return { verdict: 'waiting', lacks: 'sightings' };
  if (scoreOf(track) < rules.minScore) return { verdict: 'waiting', lacks: 'score' };
  return { verdict: 'verified' };
}

/** Whether the newer half of its boxes lies where the older half lay. */
function standsStill(track: Pick<Track, 'observations'>): boolean {
  const middle = track.observations.length >> 1;
  const older = medianBox(track.observations.slice(0, middle).map(({ box }) => box));
  const newer = medianBox(track.observations.slice(middle).map(({ box }) => box));
  const [, , width, height] = boxOf(track);
  const dx = Math.abs(older[0] + older[2] / 2 - newer[0] - newer[2] / 2);
  const dy = Math.abs(older[1] + older[3] / 2 - newer[1] - newer[3] / 2);
  return (
    dx <= Math.max(STILL_SHARE_OF_FRAME, STILL_SHARE_OF_BOX * width) &&
    dy <= Math.max(STILL_SHARE_OF_FRAME, STILL_SHARE_OF_BOX * height)
  );
}

/** How far on the way to being verified, 0 to 1, by time and looks: evidence is prepared before it is needed. */
export function progress(track: Track, rules: VerifyRules): number {
  const time = (track.lastSeenAtMs - track.firstSeenAtMs) / (rules.minSeconds * 1000);
  return Math.min(1, time, track.looked / rules.minLooks);
}
