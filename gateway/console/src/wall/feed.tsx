/** What has happened in the last 24 hours: each case with how far its way has come, the latest step first. */
import type { WallCase } from '@roadwatch/contract/api';
import { damageClass } from '@roadwatch/contract/damage-class.ts';
import { wallClock } from '../shared/time/time.ts';
import { Say } from './language.tsx';
import { StepSign } from './step-sign.tsx';
import { STEPS, type StepName, TEXTS } from './texts.ts';

interface Props {
  readonly cases: readonly WallCase[];
  readonly total: number;
  readonly now: number;
  readonly zone: string;
}

/** What happened so lately draws the eye. */
const FRESH_MS = 15_000;

export function Feed({ cases, total, now, zone }: Props) {
  const { clockTime } = wallClock(zone);
  return (
    <>
      <h2>
        <Say text={TEXTS.feed} inline /> <span class="tile-total figures">{total}</span>{' '}
        <Say text={TEXTS.cases} inline />
      </h2>
      {cases.length === 0 ? (
        <p class="tile-waiting">
          <Say text={TEXTS.noCases} />
        </p>
      ) : (
        <ol class="cases">
          {cases.map((each) => (
            <li key={each.id} class={now - Date.parse(each.lastAt) < FRESH_MS ? 'case fresh' : 'case'}>
              <p class="case-what">
                <span class="case-place">
                  <Say text={each.source === 'citizen' ? TEXTS.citizen : each.place} inline />
                </span>
                <span class={`tag ${each.damageClass}`}>
                  <Say text={damageClass(each.damageClass)} inline />
                </span>
              </p>
              <ol class="track">
                {STEPS.map((step) => {
                  const at = instantOf(step, each);
                  return (
                    <li key={step} class={`${step}${at === null ? ' ahead' : ''}`}>
                      <StepSign step={step} />
                      <span class="figures">{at === null ? '' : clockTime(at).slice(6, 11)}</span>
                    </li>
                  );
                })}
              </ol>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function instantOf(step: StepName, each: WallCase): string | null {
  switch (step) {
    case 'seen':
      return each.seenAt;
    case 'dispatched':
      return each.dispatchedAt;
    case 'answered':
      return each.answeredAt;
    case 'arrived':
      return each.arrivedAt;
    case 'proven':
      return each.provenAt;
  }
}
