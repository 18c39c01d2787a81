/**
 * Rounds of cameras that are new to one box, each with its pothole. In each round something is struck so many times; then all is
 * left alone until the round's detections, their pictures and their clips are at the gateway.
 */
import { comes } from './patience.ts';
import type { World } from './world.ts';

export interface Rounds {
  readonly strikes: number;
  readonly aRound: number;
  /** Whether the box runs when it is struck; else the strike starts it. */
  readonly boxRuns: boolean;
  /** `from`: the place in the box's log at which this strike begins. */
  strike(from: number): Promise<void>;
  /** After each round, when its detections are there. */
  settled?(cameras: readonly string[]): Promise<void>;
}

/** Left alone, the box must hand over all that it has within that time. */
const SETTLE_MS = 120_000;
/** And its clips, as far as there will be any, within this: they are cut 7 s after the pothole was seen. */
const CLIPS_MS = 15_000;

/** Returns the rounds that did not settle. */
export async function inRounds(
  { agent, ledger, freshCameras }: World,
  { strikes, aRound, boxRuns, strike, settled }: Rounds,
): Promise<readonly string[]> {
  const unsettled: string[] = [];
  for (let struck = 0, round = 1; struck < strikes; round++) {
    const cameras = freshCameras(`round-${round}`);
    const ids = cameras.map(({ id }) => id);
    agent.watch(cameras);
    let from = agent.book.end;
    if (boxRuns) agent.start();
    for (let n = 0; n < aRound && struck < strikes; n++, struck++) {
      await strike(from);
      from = agent.book.end;
    }
    if (!boxRuns) agent.start();
    if (!(await comes(SETTLE_MS, () => ledger.hasAll(ids)))) unsettled.push(`round ${round}`);
    await comes(CLIPS_MS, () => ledger.hasAll(ids, true), 500);
    await agent.end('SIGTERM');
    ledger.note();
    await settled?.(ids);
  }
  return unsettled;
}
