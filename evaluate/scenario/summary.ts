/** The judgements of many scenarios in one: what people ask for first. */
import type { Judgement } from './judge.ts';

export interface ScenarioSummary {
  readonly scenarios: number;
  /** Hours of video that were played: what a rate per day rests on. */
  readonly hoursPlayed: number;
  readonly damage: number;
  readonly found: number;
  readonly missed: number;
  /** Found of all damage; null without damage. */
  readonly recall: number | null;
  readonly rightClass: number;
  readonly falseAlarms: number;
  readonly falseAlarmsPerCameraDay: number;
  readonly doubled: number;
  readonly secondsToVerify: { readonly median: number | null; readonly p95: number | null };
  readonly meanIou: number | null;
}

export function summarize(judgements: readonly Judgement[]): ScenarioSummary {
  const found = judgements.flatMap((judgement) => judgement.found);
  const missed = judgements.flatMap((judgement) => judgement.missed).length;
  const falseAlarms = judgements.flatMap((judgement) => judgement.falseAlarms).length;
  const seconds = judgements.reduce((sum, judgement) => sum + judgement.seconds, 0);
  const times = found.map(({ secondsToVerify }) => secondsToVerify).sort((a, b) => a - b);
  const damage = found.length + missed;
  return {
    scenarios: judgements.length,
    hoursPlayed: seconds / 3600,
    damage,
    found: found.length,
    missed,
    recall: damage === 0 ? null : found.length / damage,
    rightClass: found.filter(({ rightClass }) => rightClass).length,
    falseAlarms,
    falseAlarmsPerCameraDay: (falseAlarms * 86_400) / seconds,
    doubled: judgements.reduce((sum, judgement) => sum + judgement.doubled, 0),
    secondsToVerify: { median: at(times, 0.5), p95: at(times, 0.95) },
    meanIou: found.length === 0 ? null : found.reduce((sum, { iou }) => sum + iou, 0) / found.length,
  };
}

function at(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? null;
}
