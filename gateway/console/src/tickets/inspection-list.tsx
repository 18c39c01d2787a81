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
  const { inspection: texts } = useTexts();
  const { shortTime } = useWallClock();
  if (inspections.length === 0) return null;
  return (
    <>
      <h2>{texts.title}</h2>
      <ul class="inspections">
        {inspections.toReversed().map(({ id, state, result, seen, looked, nextAt, endedAt, requestedAt }) => (
          <li key={id}>
            <time class="figures" dateTime={endedAt ?? requestedAt}>
              {shortTime(endedAt ?? requestedAt, now)}
            </time>
            <span>
              {result === null ? null : <span class={`mark ${TONE[result]}`}>{texts.result[result]}</span>}
              {looked === null || seen === null ? null : <small> {texts.seen(seen, looked)}</small>}
              {state === 'done' ? null : <small> {texts.state[state]}</small>}
              {nextAt === null ? null : <small> {texts.next(shortTime(nextAt, now))}</small>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
