/** What the camera that saw the damage says of the road after the repair: evidence for whoever closes the ticket. */

import type { Inspection } from '@roadwatch/contract/api';
import { useTexts } from '../shared/texts/language.ts';
import { useWallClock } from '../shared/time/wall-clock.ts';

export const TONE = { pass: 'good', fail: 'bad', inconclusive: 'warn' } as const;

export function InspectionList({
  inspections,
  now,
}: {
  readonly inspections: readonly Inspection[];
  readonly now: number;
}) {
  const { inspection: texts, missing: reasons } = useTexts();
  const { shortTime } = useWallClock();
  if (inspections.length === 0) return null;
  return (
    <>
      <h2>{texts.title}</h2>
      <ul class="inspections">
        {inspections.toReversed().map(({ id, state, result, seen, looked, missing, nextAt, ...times }) => (
          <li key={id}>
            <time class="figures" dateTime={times.endedAt ?? times.requestedAt}>
              {shortTime(times.endedAt ?? times.requestedAt, now)}
            </time>
            <span>
              {result === null ? null : <span class={`mark ${TONE[result]}`}>{texts.result[result]}</span>}
              {looked === null || seen === null ? null : <small> {texts.seen(seen, looked)}</small>}
              {missing[0] === undefined ? null : (
                <small> {texts.noPicture(reasons[missing[0].reason] ?? missing[0].reason)}</small>
              )}
              {state === 'done' ? null : <small> {texts.state[state]}</small>}
              {nextAt === null ? null : <small> {texts.next(shortTime(nextAt, now))}</small>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
