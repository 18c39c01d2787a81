/** The ticket that has waited longest for its unit, with its clock as large as can be. */
import type { WallUnanswered } from '@roadwatch/contract/api';
import { damageClass } from '@roadwatch/contract/damage-class.ts';
import { countdown } from '../shared/time/time.ts';
import { Say } from './language.tsx';
import { TEXTS } from './texts.ts';

const SOON = 0.25;

export function Unanswered({
  oldest,
  now,
}: {
  readonly oldest: WallUnanswered | null;
  readonly now: number;
}) {
  if (oldest === null)
    return (
      <>
        <h2>
          <Say text={TEXTS.unanswered} inline />
        </h2>
        <p class="all-answered">
          <Say text={TEXTS.allAnswered} />
        </p>
      </>
    );
  const left = Date.parse(oldest.deadlineAt) - now;
  const whole = Math.max(1, Date.parse(oldest.deadlineAt) - Date.parse(oldest.startedAt));
  const urgency = left < 0 ? 'late' : left / whole < SOON ? 'soon' : 'calm';
  return (
    <>
      <h2>
        <Say text={TEXTS.unanswered} inline />
      </h2>
      <p class={`big-clock figures ${urgency}`}>
        {countdown(left).replace('+', '')}
        <span>
          <Say text={left < 0 ? TEXTS.over : TEXTS.left} />
        </span>
      </p>
      <div class={`clock-bar ${urgency}`}>
        <i style={{ width: `${Math.min(100, Math.max(0, (left / whole) * 100))}%` }} />
      </div>
      <p class="case-what">
        <span class="case-place">
          <Say text={oldest.place} inline />
        </span>
        <span class={`tag ${oldest.damageClass}`}>
          <Say text={damageClass(oldest.damageClass)} inline />
        </span>
      </p>
      <p class="case-unit">
        <Say text={oldest.unit} inline />
      </p>
      <p class="case-unit figures">
        {oldest.number}
        {oldest.others === 0 ? null : (
          <span class="others">
            <b>+{oldest.others}</b> <Say text={TEXTS.others} inline />
          </span>
        )}
      </p>
    </>
  );
}
